import { parseCheckpoint } from './checkpoint.ts';
import { LogFormatError } from './log-format-error.ts';
import { hashBytes } from './merkle.ts';
import { type ParseNoteOptions, parseNote } from './note.ts';
import { decodeBase64, decodeDecimal, decodeUtf8 } from './strict-text.ts';

/** A proof of C2SP tlog-proof: a leaf is in the log of a checkpoint. Nothing is verified yet. */
export interface LogProof {
  /** What the application needs besides. Nothing vouches for it. */
  readonly extra: Buffer | null;
  /** Of the leaf, from 0. */
  readonly index: number;
  /** From the leaf's sibling up to the root's child. */
  readonly path: readonly Buffer[];
  /** The signed note as it stands. */
  readonly checkpoint: string;
}

const firstLine = 'c2sp.org/tlog-proof@v1';
/** As many as a tree of 2^63 leaves needs. */
const mostHashes = 63;

/** The text of a proof. Throws `LogFormatError` for what no proof can say. */
export function encodeLogProof(proof: LogProof, options: ParseNoteOptions = {}): string {
  const { extra, index, path, checkpoint } = proof;
  const lines = [
    firstLine,
    ...(extra === null ? [] : [`extra ${extra.toString('base64')}`]),
    `index ${index}`,
    ...path.map((hash) => hash.toString('base64')),
  ];
  const text = `${lines.join('\n')}\n\n${checkpoint}`;
  parseLogProof(text, options);
  return text;
}

/** Throws `LogFormatError`, with the line, unless the proof and its checkpoint are in their one form. */
export function parseLogProof(
  proof: string | Uint8Array,
  { where = 'proof', mayBeUnsigned = false }: ParseNoteOptions = {},
): LogProof {
  const text = typeof proof === 'string' ? proof : decodeUtf8(proof);
  if (text === undefined) throw new LogFormatError(where, 'is not valid UTF-8');
  const end = text.indexOf('\n\n');
  if (end < 0) throw new LogFormatError(where, 'has no blank line before its checkpoint');
  const lines = text.slice(0, end).split('\n');
  const refuse = (at: number, what: string) => new LogFormatError(`${where}, line ${at + 1}`, what);
  if (lines[0] !== firstLine) throw refuse(0, `must be ${firstLine}`);

  const extra = parseExtra(lines[1], (what) => refuse(1, what));
  const atIndex = extra === null ? 1 : 2;
  const index = decodeDecimal(/^index (.*)$/.exec(lines[atIndex] ?? '')?.[1] ?? '');
  if (index === undefined) {
    throw refuse(atIndex, 'must be “index” and a decimal number without leading zeros');
  }
  const path = lines.slice(atIndex + 1).map((line, at) => {
    const hash = decodeBase64(line);
    if (hash?.length === hashBytes) return hash;
    throw refuse(atIndex + 1 + at, 'must be 32 bytes in the one form of Base64');
  });
  if (path.length > mostHashes) throw new LogFormatError(where, `has over ${mostHashes} hashes`);

  const checkpoint = text.slice(end + 2);
  const note = parseNote(checkpoint, { where: `checkpoint of the ${where}`, mayBeUnsigned });
  parseCheckpoint(note.text, `checkpoint of the ${where}`);
  return { extra, index, path, checkpoint };
}

function parseExtra(line: string | undefined, refuse: (what: string) => Error): Buffer | null {
  if (!line?.startsWith('extra')) return null;
  const extra = decodeBase64(line.slice('extra '.length));
  if (line[5] === ' ' && extra !== undefined && extra.length > 0) return extra;
  throw refuse('must be “extra”, one space, and Base64 in its one form that is not empty');
}
