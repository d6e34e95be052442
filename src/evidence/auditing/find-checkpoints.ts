import { parseCheckpoint } from '../log/checkpoint.ts';
import { LogFormatError } from '../log/log-format-error.ts';
import type { KeptCheckpoint } from '../verify/trust.ts';
import { textsWithin } from './texts-within.ts';

export type FoundCheckpoint = Omit<KeptCheckpoint, 'file'>;

/**
 * The checkpoints in what an auditor kept: a note, a mail or a mailbox in any encoding, the body of a
 * webhook, a report. One is the name of a log, its size and its root, with line feeds or spaces
 * between them. Each is told once. `trusted`: names of logs that are known to be such, whatever they
 * hold.
 */
export function findCheckpoints(text: string, trusted: readonly string[] = []): FoundCheckpoint[] {
  const names = [...trusted].sort((one, other) => other.length - one.length);
  const found = new Map<string, FoundCheckpoint>();
  for (const one of textsWithin(text)) {
    for (const note of listNotes(one, names)) {
      const read = readNote(note);
      if (read !== undefined) found.set(note, read);
    }
  }
  return [...found.values()];
}

/** A SHA-256 in Base64. Its last letter is an equals sign, which is quick to find. */
const rootLength = 44;

/** Marks of quoting, and spaces of any kind, stand around the size. */
const sizeBefore = /[\s>|]{1,40}([0-9]{1,16})[\s>|]{1,40}$/u;
const longestBefore = 400;

/** Quotes and marks of quoting stand beside a name, so that only a trusted one may hold them. */
const anyName = /[^\s"'<>,;|\\]{1,255}$/u;
const beginning = /(?:^|[\s"'<>,;|\\])$/u;

const besides = new Set([' ', '\n', '\r', '\t', '>', '|', '\u00a0']);

/**
 * The texts of what may be checkpoints. Reads even a text without line feeds once. `names`: the
 * longest first.
 */
function* listNotes(text: string, names: readonly string[]): Generator<string> {
  for (let end = text.indexOf('='); end >= 0; end = text.indexOf('=', end + 1)) {
    const note = noteAt(text, end, names);
    if (note !== undefined) yield note;
  }
}

/** What ends with the root that ends here; undefined where none does. */
function noteAt(text: string, end: number, names: readonly string[]): string | undefined {
  const start = end + 1 - rootLength;
  if (!besides.has(text.charAt(start - 1))) return undefined;
  const root = text.slice(start, end + 1);
  if (!/^[A-Za-z0-9+/]+=$/.test(root) || /[\w+/=]/.test(text.charAt(end + 1))) return undefined;
  const longest = longestBefore + (names[0]?.length ?? 0);
  const above = text.slice(Math.max(0, start - longest), start);
  const size = sizeBefore.exec(above);
  const origin = size === null ? undefined : nameBefore(above.slice(0, size.index), names);
  return origin === undefined ? undefined : `${origin}\n${size?.[1]}\n${root}\n`;
}

/** The name of a log with which a text ends. */
function nameBefore(text: string, names: readonly string[]): string | undefined {
  const trusted = names.find((name) => {
    return text.endsWith(name) && beginning.test(text.slice(0, -name.length));
  });
  if (trusted !== undefined) return trusted;
  const [name] = anyName.exec(text) ?? [];
  // No log has such a name.
  return name?.includes('+') === true ? undefined : name;
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
