import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AuditRefused } from './audit-refused.ts';

/** A policy, a key and a mail are small; a mailbox with thousands of mails is not. */
const mostBytes = 256 * 1024 * 1024;

/** The bytes of a file that the auditor names. `flag` names it in mistakes. */
export async function readGiven(cwd: string, flag: string, file: string): Promise<Buffer> {
  const path = resolve(cwd, file);
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw new AuditRefused(`${flag} ${file}: the file is too large`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof AuditRefused) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new AuditRefused(`${flag} ${file}: cannot be read (${code})`);
  }
}
