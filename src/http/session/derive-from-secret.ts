import { createHmac, hash, randomBytes } from 'node:crypto';

/** The secret of a session, which only its browser keeps: 32 random bytes in base64url. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What a text must look like to be a secret. */
export const secretForm = /^[\w-]{43}$/;

/** Under which id the store keeps the session. */
export function sessionIdOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** What the forms of the session carry. */
export function formTokenOf(secret: string): string {
  return derive(secret, 'form').toString('base64url');
}

/** The credential behind the session. Without the secret, nobody can find out which it was. */
export function markCredential(secret: string, credential: string): Buffer {
  return derive(secret, `credential\n${credential}`);
}

/** What only the secret leads to; one purpose's value says nothing of another's. */
export function derive(secret: string, purpose: string): Buffer {
  return createHmac('sha256', secret).update(purpose).digest();
}
