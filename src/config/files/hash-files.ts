import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256, hex, of the bytes of these files in their order. A file that cannot be read counts as its error. */
export async function hashFiles(files: readonly string[]): Promise<string> {
  const whole = createHash('sha256');
  for (const file of files) whole.update(`${await hashFile(file)}\n`);
  return whole.digest('hex');
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}
