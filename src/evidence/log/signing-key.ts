import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { LogFormatError } from './log-format-error.ts';
import {
  readType,
  type SignatureType,
  splitKey,
  type VerifierKey,
  verifierKeyOf,
} from './verifier-key.ts';

/** A secret key. It shows as its verifier key's name if it is printed by mistake. */
export interface SigningKey {
  readonly verifier: VerifierKey;
  readonly secret: KeyObject;
}

const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');
const mark = 'PRIVATE+KEY+';

/**
 * Reads the one line of a key file: `PRIVATE+KEY+name+id+base64`, where the Base64 holds the
 * signature type and the 32 bytes of the Ed25519 seed. Go's `golang.org/x/mod/sumdb/note` has the
 * same form. One newline may end it. Throws `LogFormatError`, which never quotes the text.
 */
export function parseSigningKey(text: string): SigningKey {
  const refuse = (what: string) => new LogFormatError('signing key', what);
  const line = text.endsWith('\n') ? text.slice(0, -1) : text;
  if (!line.startsWith(mark)) throw refuse(`it must begin with ${mark}`);
  const { name, id, material } = splitKey(line.slice(mark.length), refuse);
  const type = readType(material, refuse);
  if (material.length !== 33) throw refuse('an Ed25519 seed has 32 bytes');
  const key = signingKeyOf(name, type, material.subarray(1));
  if (key.verifier.id !== id) {
    throw refuse(`its id is ${id}, but the key and its name give ${key.verifier.id}`);
  }
  return key;
}

/** The key that grows from a seed of 32 random bytes. */
export function signingKeyOf(name: string, type: SignatureType, seed: Buffer): SigningKey {
  const key = Buffer.concat([pkcs8Head, seed]);
  const secret = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return { verifier: verifierKeyOf(name, type, spki.subarray(-32)), secret };
}

/** The line of a key file, without a newline. */
export function encodeSigningKey(key: SigningKey): string {
  return `${mark}${key.verifier.name}+${key.verifier.id}+${secretPart(key)}`;
}

/** The part of a key's line that is secret. */
export function secretPart({ verifier, secret }: SigningKey): string {
  const seed = secret.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  return Buffer.concat([Buffer.of(verifier.type), seed]).toString('base64');
}
