import { sign, verify } from 'node:crypto';
import { LogFormatError } from './log-format-error.ts';
import type { SigningKey } from './signing-key.ts';
import { decodeBase64 } from './strict-text.ts';
import {
  encodeVerifierKey,
  parseVerifierKey,
  publicKeyObject,
  signatureTypes,
  type VerifierKey,
} from './verifier-key.ts';

/** What a leaf says of a key that was replaced. Keys are verifier keys, signatures are in Base64. */
export interface KeyRotation {
  readonly old: string;
  readonly new: string;
  readonly oldSignature: string;
  readonly newSignature: string;
}

/** Both keys of a rotation that both have signed. */
export interface RotatedKeys {
  readonly old: VerifierKey;
  readonly new: VerifierKey;
}

/** The text that both keys of a rotation sign. */
function rotationText(origin: string, oldKey: string, newKey: string): string {
  return `keysweep key rotation\n${origin}\n${oldKey}\n${newKey}\n`;
}

/** Has both keys sign that the new one replaces the old one. They bear the name of their log. */
export function signRotation(oldKey: SigningKey, newKey: SigningKey): KeyRotation {
  const [old, next] = [encodeVerifierKey(oldKey.verifier), encodeVerifierKey(newKey.verifier)];
  const text = Buffer.from(rotationText(oldKey.verifier.name, old, next));
  const by = ({ secret }: SigningKey) => sign(null, text, secret).toString('base64');
  return { old, new: next, oldSignature: by(oldKey), newSignature: by(newKey) };
}

/** Returns what is wrong, in words, unless both keys signed the rotation. */
export function readRotation(rotation: KeyRotation, origin: string): RotatedKeys | string {
  const [old, next] = [readKey(rotation.old), readKey(rotation.new)];
  if (old === undefined || next === undefined) return 'it names what is no key of a log';
  const text = rotationText(origin, rotation.old, rotation.new);
  const isSigned =
    isSignedBy(old, text, rotation.oldSignature) && isSignedBy(next, text, rotation.newSignature);
  return isSigned ? { old, new: next } : 'its signatures are not those of both keys';
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
