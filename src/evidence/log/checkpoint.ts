import { LogFormatError } from './log-format-error.ts';
import { hashBytes } from './merkle.ts';
import { decodeBase64, decodeDecimal } from './strict-text.ts';

/** What a checkpoint of C2SP tlog-checkpoint says. */
export interface Checkpoint {
  /** Names the log. */
  readonly origin: string;
  /** The number of leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  /** Further lines, which only who wrote them understands. */
  readonly extensions: readonly string[];
}

/** The text of the note that a log signs. Throws `LogFormatError` for what no checkpoint can say. */
export function encodeCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const lines = [origin, String(size), root.toString('base64'), ...extensions];
  const text = lines.map((line) => `${line}\n`).join('');
  const read = parseCheckpoint(text);
  // A newline within a line makes one more line, and the text say something else.
  if (read.extensions.length !== extensions.length) {
    throw new LogFormatError('checkpoint', 'a line of it would hold a newline');
  }
  return text;
}

/** Reads the text of a note, without its signatures. Throws `LogFormatError` with the line. */
export function parseCheckpoint(text: string, where = 'checkpoint'): Checkpoint {
  const refuse = (line: number, what: string) => new LogFormatError(`${where}, line ${line}`, what);
  const lines = text.split('\n');
  if (lines.pop() !== '') throw refuse(lines.length + 1, 'the text does not end with a newline');
  const empty = lines.indexOf('');
  if (empty >= 0) throw refuse(empty + 1, 'a checkpoint has no empty line');
  const [origin, decimal, base64, ...extensions] = lines;
  if (origin === undefined || decimal === undefined || base64 === undefined) {
    throw refuse(lines.length + 1, 'a checkpoint has three lines at least: origin, size and root');
  }
  const size = decodeDecimal(decimal);
  if (size === undefined) {
    throw refuse(2, 'the size must be a decimal number without leading zeros, below 2^53');
  }
  const root = decodeBase64(base64);
  if (root?.length !== hashBytes) {
    throw refuse(3, 'the root must be 32 bytes in the one form of Base64');
  }
  return { origin, size, root, extensions };
}
