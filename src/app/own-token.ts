import { randomBytes, randomUUID } from 'node:crypto';
import { link, rm, stat, writeFile } from 'node:fs/promises';
import { hashToken, type TokenHash } from '../config/http/http-config.ts';
import { readText } from '../documents/read-text.ts';
import { ownTokenName } from '../options/roles.ts';

/** The file of the token that `start` makes cannot be used. */
class OwnTokenUnusable extends Error {
  override readonly name = 'OwnTokenUnusable';
  readonly code = 'KEYSWEEP_OWN_TOKEN';
  readonly retryable = false;
}

const mostBytes = 4_096;
/** What a header can carry. */
const form = /^[\x21-\x7e]{8,512}$/;

/**
 * The token in this file, which is made the first time, for the user of this process alone. Throws
 * `OwnTokenUnusable` if that is not possible.
 */
export async function takeOwnToken(file: string): Promise<TokenHash> {
  const token = (await read(file)) ?? (await make(file));
  if (!form.test(token)) {
    throw new OwnTokenUnusable(
      `http.tokenFile: ${file} must hold one token of 8 to 512 characters; remove the file, and ` +
        'start makes one',
    );
  }
  return { name: ownTokenName, role: 'operator', sha256: hashToken(token) };
}

async function read(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(({ code }: NodeJS.ErrnoException) => {
    if (code !== 'ENOENT') throw new OwnTokenUnusable(`the token in ${file}: ${code}`);
  });
  if (found === undefined) return undefined;
  const text = await readText(file, mostBytes);
  if (!text.ok) throw new OwnTokenUnusable(`the token in ${file} cannot be read: ${text.why}`);
  return text.text.trim();
}

/** Complete from the first moment, if another process makes it at the same time. */
async function make(file: string): Promise<string> {
  const token = `keysweep_${randomBytes(32).toString('base64url')}`;
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, `${token}\n`, { mode: 0o600, flag: 'wx' });
    await link(draft, file);
    return token;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return (await read(file)) ?? '';
    throw new OwnTokenUnusable(
      `no token for the API can be written to ${file} (${code}); ` +
        'name another http.tokenFile, or give http.tokens',
    );
  } finally {
    await rm(draft, { force: true });
  }
}
