import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { derive } from './derive-from-secret.ts';

const method = 'aes-256-gcm';
const [ivBytes, tagBytes] = [12, 16];

/** Encrypts a text for the holder of the secret. */
export function seal(secret: string, text: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(method, derive(secret, 'seal'), iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Throws if the bytes were changed, or sealed for another secret. */
export function openSeal(secret: string, sealed: Buffer): string {
  const iv = sealed.subarray(0, ivBytes);
  const decipher = createDecipheriv(method, derive(secret, 'seal'), iv);
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
  const body = sealed.subarray(ivBytes + tagBytes);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
