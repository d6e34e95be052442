import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { LogFormatError } from './log-format-error.ts';
import { decodeBase64, hasControl } from './strict-text.ts';

/**
 * What a key signs (C2SP signed-note): the text of a note, or as a witness a time and the text of a
 * checkpoint. One key has one use.
 */
export const signatureTypes = { note: 0x01, cosignature: 0x04 } as const;
export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

/** The public half of an Ed25519 key, with the name that its signatures bear. */
export interface VerifierKey {
  readonly name: string;
  /** Eight lower-case hex digits. */
  readonly id: string;
  readonly type: SignatureType;
  /** 32 bytes. */
  readonly publicKey: Buffer;
}

/** Makes a verifier key. Throws `LogFormatError` for a name that no signature may bear. */
export function verifierKeyOf(name: string, type: SignatureType, publicKey: Buffer): VerifierKey {
  if (!isKeyName(name)) throw new LogFormatError('key name', wrongName);
  return { name, id: keyId(name, Buffer.concat([Buffer.of(type), publicKey])), type, publicKey };
}

/** `name+id+base64`, one line. */
export function encodeVerifierKey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${id}+${Buffer.concat([Buffer.of(type), publicKey]).toString('base64')}`;
}

/** Throws `LogFormatError` for a text that is no verifier key in its one form, or of another type. */
export function parseVerifierKey(text: string): VerifierKey {
  const refuse = (what: string) => new LogFormatError('verifier key', what);
  const { name, id, material } = splitKey(text, refuse);
  const type = readType(material, refuse);
  if (material.length !== 33) {
    throw refuse(`an Ed25519 key has 32 bytes, this one has ${material.length - 1}`);
  }
  const key = verifierKeyOf(name, type, material.subarray(1));
  if (key.id !== id) throw refuse(`its id is ${id}, but the key and its name give ${key.id}`);
  return key;
}

/** The three parts of a key's text, checked alone. */
export function splitKey(text: string, refuse: (what: string) => Error) {
  // Base64 may hold `+` too; a name and an id may not.
  const parts = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text);
  const [, name = '', id = '', base64 = ''] = parts ?? [];
  if (parts === null) throw refuse('it must be a name, an id and Base64 with + between them');
  if (!isKeyName(name)) throw refuse(`its name ${wrongName}`);
  if (!/^[0-9a-f]{8}$/.test(id)) throw refuse('its id must be eight lower-case hex digits');
  const material = decodeBase64(base64);
  if (material === undefined || material.length === 0) {
    throw refuse('its third part must be Base64 with padding, in its one form');
  }
  return { name, id, material };
}

export function readType(material: Buffer, refuse: (what: string) => Error): SignatureType {
  const type = Object.values(signatureTypes).find((known) => known === material[0]);
  if (type !== undefined) return type;
  throw refuse(`its signature type is ${material[0]}; supported are 1 and 4, which are Ed25519`);
}

const wrongName = 'must not be empty, and must hold no space, plus sign or control character';

export function isKeyName(name: string): boolean {
  return /^[^\p{White_Space}+\p{Surrogate}]+$/u.test(name) && !hasControl(name);
}

/** The first four bytes of a hash over the name and the key's material, as hex. */
function keyId(name: string, material: Uint8Array): string {
  const hash = createHash('sha256').update(`${name}\n`).update(material);
  return hash.digest('hex').slice(0, 8);
}

const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/** The public key for Node's crypto. */
export function publicKeyObject({ publicKey }: VerifierKey): KeyObject {
  const key = Buffer.concat([spkiHead, publicKey]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}
