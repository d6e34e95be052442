import { parseCheckpoint } from '../log/checkpoint.ts';
import { LogFormatError } from '../log/log-format-error.ts';
import type { KeptCheckpoint } from '../verify/trust.ts';
import { AuditRefused } from './audit-refused.ts';
import { readGiven } from './read-given.ts';

/**
 * The checkpoints in files that the auditor kept: a note, a mail, or a whole mailbox. Throws
 * `AuditRefused` for a file without one.
 */
export async function readKept(
  cwd: string,
  files: readonly string[],
): Promise<readonly KeptCheckpoint[]> {
  const kept: KeptCheckpoint[] = [];
  for (const file of files) {
    const text = (await readGiven(cwd, '--saw', file)).toString('utf8');
    const found = findCheckpoints(text).map((checkpoint) => ({ file, ...checkpoint }));
    if (found.length === 0) throw new AuditRefused(`--saw ${file}: it holds no checkpoint`);
    kept.push(...found);
  }
  return kept;
}

/**
 * The checkpoints in a text: three lines that follow each other, with the name of the log, its size
 * and its root. Mails indent and quote lines, so what stands before and behind them is left out.
 */
export function findCheckpoints(text: string): Omit<KeptCheckpoint, 'file'>[] {
  const lines = text.split('\n').map((line) => line.replace(/^[\s>]+|\s+$/g, ''));
  return lines.flatMap((root, index) => {
    const [origin = '', size = ''] = lines.slice(Math.max(0, index - 2), index);
    if (!/^[A-Za-z0-9+/]{43}=$/.test(root) || !/^[0-9]+$/.test(size)) return [];
    try {
      const { extensions: _none, ...said } = parseCheckpoint(`${origin}\n${size}\n${root}\n`);
      return [said];
    } catch (error) {
      if (error instanceof LogFormatError) return [];
      throw error;
    }
  });
}
