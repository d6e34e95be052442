import { verify } from 'node:crypto';
import { LogFormatError } from '../../log/log-format-error.ts';
import { decodeBase64 } from '../../log/strict-text.ts';
import {
  encodeVerifierKey,
  parseVerifierKey,
  publicKeyObject,
  signatureTypes,
  type VerifierKey,
} from '../../log/verifier-key.ts';
import { leafPlace, type PackProblem, tampered } from '../problem.ts';
import type { NumberedLeaf } from './read-leaves.ts';

/** The keys that may have signed the log. */
export interface KeyRing {
  /** Those given from outside, and those that a trusted key vouches for through a leaf. */
  readonly keys: readonly VerifierKey[];
  /** By the text of a key that was replaced: the leaf that says so. */
  readonly retired: ReadonlyMap<string, number>;
  readonly problems: readonly PackProblem[];
}

/** A rotation that both keys signed. */
interface Rotation {
  readonly n: number;
  readonly old: VerifierKey;
  readonly new: VerifierKey;
}

/** The text that both keys of a rotation sign. */
export function rotationText(origin: string, oldKey: string, newKey: string): string {
  return `keysweep key rotation\n${origin}\n${oldKey}\n${newKey}\n`;
}

/**
 * Starts from the trusted keys and follows the rotations, forwards and backwards: a trusted key
 * vouches for the one that it names as its successor, and for the one before it.
 */
export function makeKeyRing(
  leaves: readonly NumberedLeaf[],
  trusted: readonly VerifierKey[],
  origin: string,
): KeyRing {
  const problems: PackProblem[] = [];
  const rotations: Rotation[] = [];
  for (const { n, event } of leaves) {
    if (event.event !== 'key-rotated') continue;
    const read = readRotation(n, event, origin);
    if ('old' in read) rotations.push(read);
    else problems.push(read);
  }
  const keys = follow(trusted, rotations);
  const known = new Set(keys.map(encodeVerifierKey));
  const retired = new Map<string, number>();
  for (const rotation of rotations) {
    const old = encodeVerifierKey(rotation.old);
    if (known.has(old)) retired.set(old, rotation.n);
    else problems.push(tampered('wrong-rotation', leafPlace(rotation.n), nobodyTrusted));
  }
  return { keys, retired, problems };
}

const nobodyTrusted = 'no key that you trust signed this change of the key';

function readRotation(
  n: number,
  event: { old: string; new: string; oldSignature: string; newSignature: string },
  origin: string,
): Rotation | PackProblem {
  const refuse = (message: string) => tampered('wrong-rotation', leafPlace(n), message);
  const [old, next] = [readKey(event.old), readKey(event.new)];
  if (old === undefined || next === undefined) return refuse('it names what is no key of a log');
  const text = rotationText(origin, event.old, event.new);
  const isSigned =
    isSignedBy(old, text, event.oldSignature) && isSignedBy(next, text, event.newSignature);
  return isSigned ? { n, old, new: next } : refuse('its signatures are not those of both keys');
}

function readKey(text: string): VerifierKey | undefined {
  try {
    const key = parseVerifierKey(text);
    return key.type === signatureTypes.note ? key : undefined;
  } catch (error) {
    if (error instanceof LogFormatError) return undefined;
    throw error;
  }
}

function isSignedBy(key: VerifierKey, text: string, base64: string): boolean {
  const bytes = decodeBase64(base64);
  return bytes?.length === 64 && verify(null, Buffer.from(text), publicKeyObject(key), bytes);
}

function follow(trusted: readonly VerifierKey[], rotations: readonly Rotation[]): VerifierKey[] {
  const keys = new Map(trusted.map((key) => [encodeVerifierKey(key), key]));
  for (let before = -1; before < keys.size; ) {
    before = keys.size;
    for (const rotation of rotations) {
      const [old, next] = [encodeVerifierKey(rotation.old), encodeVerifierKey(rotation.new)];
      if (!keys.has(old) && !keys.has(next)) continue;
      keys.set(old, rotation.old).set(next, rotation.new);
    }
  }
  return [...keys.values()];
}
