import { parseCheckpoint } from '../log/checkpoint.ts';
import { LogFormatError } from '../log/log-format-error.ts';
import type { KeptCheckpoint } from '../verify/trust.ts';
import { textsWithin } from './texts-within.ts';

export type FoundCheckpoint = Omit<KeptCheckpoint, 'file'>;

/**
 * The checkpoints in what an auditor kept: a note, a mail or a mailbox in any encoding, the body of a
 * webhook, a report. One is the name of a log, its size and its root, with line feeds or spaces
 * between them. Each is told once.
 */
export function findCheckpoints(text: string): FoundCheckpoint[] {
  const found = new Map<string, FoundCheckpoint>();
  for (const one of textsWithin(text)) {
    for (const note of listNotes(one)) {
      const read = readNote(note);
      if (read !== undefined) found.set(note, read);
    }
  }
  return [...found.values()];
}

/** A SHA-256 in Base64. Its last letter is an equals sign, which is quick to find. */
const rootLength = 44;

/** Quotes and marks of quoting stand beside a checkpoint, and spaces of any kind. */
const before = /([^\s"'<>,;|\\]{1,255})[\s>|]{1,40}([0-9]{1,16})[\s>|]{1,40}$/u;
const longestBefore = 400;

const besides = new Set([' ', '\n', '\r', '\t', '>', '|', '\u00a0']);

/** The texts of what may be checkpoints. Reads even a text without line feeds once. */
function* listNotes(text: string): Generator<string> {
  for (let end = text.indexOf('='); end >= 0; end = text.indexOf('=', end + 1)) {
    const note = noteAt(text, end);
    if (note !== undefined) yield note;
  }
}

/** What ends with the root that ends here; undefined where none does. */
function noteAt(text: string, end: number): string | undefined {
  const start = end + 1 - rootLength;
  if (!besides.has(text.charAt(start - 1))) return undefined;
  const root = text.slice(start, end + 1);
  if (!/^[A-Za-z0-9+/]+=$/.test(root) || /[\w+/=]/.test(text.charAt(end + 1))) return undefined;
  const [, origin, size] = before.exec(text.slice(Math.max(0, start - longestBefore), start)) ?? [];
  // No log has such a name.
  if (origin === undefined || origin.includes('+')) return undefined;
  return `${origin}\n${size}\n${root}\n`;
}

function readNote(note: string): FoundCheckpoint | undefined {
  try {
    const { extensions: _none, ...said } = parseCheckpoint(note);
    return said;
  } catch (error) {
    if (error instanceof LogFormatError) return undefined;
    throw error;
  }
}
