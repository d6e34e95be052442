import { sign, verify } from 'node:crypto';
import { cosignatureBytes, cosignedMessage, splitCosignature } from './cosignature.ts';
import { LogFormatError } from './log-format-error.ts';
import type { SigningKey } from './signing-key.ts';
import { decodeBase64, decodeUtf8, hasControl, hasSurrogate } from './strict-text.ts';
import { isKeyName, publicKeyObject, signatureTypes, type VerifierKey } from './verifier-key.ts';

/** A note of C2SP signed-note. Nothing of it is verified yet. */
export interface Note {
  /** With its last newline. */
  readonly text: string;
  /** In their order. None, where a note may be unsigned. */
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** Of the key: eight lower-case hex digits. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** The most signatures of a note. */
const mostSignatures = 100;
const lineMark = '— ';

/** A signature that bears the name and id of a known key, and is not of that key. */
export class WrongSignature extends Error {
  override readonly name = 'WrongSignature';
  readonly code = 'KEYSWEEP_WRONG_SIGNATURE';
  readonly retryable = false;

  readonly key: VerifierKey;

  constructor(key: VerifierKey) {
    super(`the signature of the key ${key.name}+${key.id} does not fit the text of the note`);
    this.key = key;
  }
}

export interface ParseNoteOptions {
  /** Names the note in mistakes. Default: `note`. */
  readonly where?: string;
  /** Takes a note that ends with its blank line, as the log has it that has no key. */
  readonly mayBeUnsigned?: boolean;
}

/** Throws `LogFormatError` unless the note is in its one form; mistakes in signatures have a line. */
export function parseNote(
  note: string | Uint8Array,
  { where = 'note', mayBeUnsigned = false }: ParseNoteOptions = {},
): Note {
  const whole = typeof note === 'string' ? note : decodeUtf8(note);
  if (whole === undefined || hasSurrogate(whole)) {
    throw new LogFormatError(where, 'is not valid UTF-8');
  }
  const control = whole.split('\n').findIndex(hasControl);
  if (control >= 0) {
    throw new LogFormatError(`${where}, line ${control + 1}`, 'holds a control character');
  }
  const end = whole.lastIndexOf('\n\n');
  if (end < 0) throw new LogFormatError(where, 'has no blank line between text and signatures');
  const text = whole.slice(0, end + 1);
  const lines = whole.slice(end + 2).split('\n');
  if (lines.pop() !== '') throw new LogFormatError(where, 'does not end with a newline');
  if (lines.length === 0 && !mayBeUnsigned) throw new LogFormatError(where, 'has no signature');
  if (lines.length > mostSignatures) {
    throw new LogFormatError(where, `has more than ${mostSignatures} signatures`);
  }
  const above = text.split('\n').length;
  return {
    text,
    signatures: lines.map((line, at) => parseSignature(line, `${where}, line ${above + at + 1}`)),
  };
}

/** One signature line without its newline. `where` names it in mistakes. */
export function parseSignature(line: string, where: string): NoteSignature {
  const refuse = (what: string) => new LogFormatError(where, what);
  if (!line.startsWith(lineMark)) throw refuse('a signature must begin with — and a space');
  const [name = '', base64 = '', ...more] = line.slice(lineMark.length).split(' ');
  if (!isKeyName(name) || more.length > 0) {
    throw refuse('a signature must be —, the name of the key, and Base64, with one space between');
  }
  const bytes = decodeBase64(base64);
  if (bytes === undefined) throw refuse('the Base64 of the signature is not in its one form');
  if (bytes.length < 5) throw refuse('the signature is too short to be one');
  return { name, id: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) };
}

export function encodeNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(encodeSignature).join('')}`;
}

/** A signature line with its newline. */
export function encodeSignature({ name, id, bytes }: NoteSignature): string {
  const base64 = Buffer.concat([Buffer.from(id, 'hex'), bytes]).toString('base64');
  return `${lineMark}${name} ${base64}\n`;
}

/**
 * Signs the text of a note. A witness's key cosigns and needs the time, in seconds since 1970. Throws
 * `LogFormatError` for a text that no note can have.
 */
export function signNote(text: string, key: SigningKey, atSeconds?: number): NoteSignature {
  if (!text.endsWith('\n')) throw new LogFormatError('text to sign', 'does not end with a newline');
  parseNote(`${text}\n`, { where: 'text to sign', mayBeUnsigned: true });
  const { name, id, type } = key.verifier;
  if (type === signatureTypes.note) {
    return { name, id, bytes: sign(null, Buffer.from(text), key.secret) };
  }
  if (atSeconds === undefined) throw new RangeError('a cosignature needs a time');
  const bytes = sign(null, cosignedMessage(text, atSeconds), key.secret);
  return { name, id, bytes: cosignatureBytes(atSeconds, bytes) };
}

/** A known key's signature that fits. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** When a witness cosigned, in seconds since 1970; null for a signature without a time. */
  readonly atSeconds: number | null;
}

/**
 * The known keys that signed the note, in the order of `keys`; of a witness that cosigned twice, the
 * first time. Signatures of other keys are ignored. An empty list means that nothing vouches for the
 * note. Throws `WrongSignature` if a signature bears the name and id of a known key and does not fit.
 */
export function verifyNote(note: Note, keys: readonly VerifierKey[]): VerifiedSignature[] {
  return keys.flatMap((key) => {
    const own = note.signatures.filter(({ name, id }) => name === key.name && id === key.id);
    const times = own.map((signature) => verifySignature(note.text, signature, key));
    if (times.length === 0) return [];
    const atSeconds = times.reduce((one, two) => ((two ?? 0) < (one ?? 0) ? two : one));
    return [{ key, atSeconds }];
  });
}

/** The time of a cosignature, null for a signature without one. Throws `WrongSignature`. */
function verifySignature(text: string, signature: NoteSignature, key: VerifierKey): number | null {
  const isOfKey = (message: Uint8Array, bytes: Uint8Array) =>
    bytes.length === 64 && verify(null, message, publicKeyObject(key), bytes);
  if (key.type === signatureTypes.note) {
    if (isOfKey(Buffer.from(text), signature.bytes)) return null;
    throw new WrongSignature(key);
  }
  const { atSeconds, bytes } = splitCosignature(signature.bytes) ?? {};
  if (atSeconds !== undefined && bytes !== undefined) {
    if (isOfKey(cosignedMessage(text, atSeconds), bytes)) return atSeconds;
  }
  throw new WrongSignature(key);
}
