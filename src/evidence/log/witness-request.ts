import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { LogFormatError } from './log-format-error.ts';
import { hashBytes } from './merkle.ts';
import { type Note, type NoteSignature, parseNote, parseSignature } from './note.ts';
import { decodeBase64, decodeDecimal, decodeUtf8 } from './strict-text.ts';

/** What a log sends to a witness (C2SP tlog-witness, add-checkpoint). Nothing is verified yet. */
export interface WitnessRequest {
  /** The size that the witness cosigned last, as far as the log knows. */
  readonly oldSize: number;
  /** Proves that the tree of the checkpoint continues that of `oldSize`. */
  readonly path: readonly Buffer[];
  /** A signed note. */
  readonly checkpoint: string;
}

export interface ReadWitnessRequest extends WitnessRequest {
  readonly note: Note;
  readonly says: Checkpoint;
}

const mostHashes = 63;

/** The body of the request. */
export function encodeWitnessRequest({ oldSize, path, checkpoint }: WitnessRequest): string {
  const hashes = path.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `old ${oldSize}\n${hashes}\n${checkpoint}`;
}

/** Throws `LogFormatError`, with the line, unless the body is in its one form. */
export function parseWitnessRequest(body: Uint8Array): ReadWitnessRequest {
  const where = 'request';
  const text = decodeUtf8(body);
  if (text === undefined) throw new LogFormatError(where, 'is not valid UTF-8');
  const end = text.indexOf('\n\n');
  if (end < 0) throw new LogFormatError(where, 'has no empty line before its checkpoint');
  const [first = '', ...hashes] = text.slice(0, end).split('\n');
  const oldSize = decodeDecimal(/^old (.*)$/.exec(first)?.[1] ?? '');
  if (oldSize === undefined) {
    throw new LogFormatError(`${where}, line 1`, 'must be “old”, a space, and a decimal number');
  }
  if (hashes.length > mostHashes) {
    throw new LogFormatError(where, `has more than ${mostHashes} hashes`);
  }
  const path = hashes.map((line, at) => {
    const hash = decodeBase64(line);
    if (hash?.length === hashBytes) return hash;
    throw new LogFormatError(`${where}, line ${at + 2}`, 'must be 32 bytes in Base64');
  });
  const checkpoint = text.slice(end + 2);
  const note = parseNote(checkpoint, { where: 'checkpoint' });
  return { oldSize, path, checkpoint, note, says: parseCheckpoint(note.text) };
}

/** The signature lines of a witness's answer. Throws `LogFormatError`. */
export function parseWitnessAnswer(body: Uint8Array): NoteSignature[] {
  const lines = decodeUtf8(body)?.split('\n');
  if (lines?.pop() !== '' || lines.length === 0 || lines.length > 16) {
    throw new LogFormatError('answer of the witness', 'must be 1 to 16 signature lines');
  }
  return lines.map((line, at) => parseSignature(line, `answer of the witness, line ${at + 1}`));
}
