import { randomBytes } from 'node:crypto';

/**
 * The token of a session as one page carries it: random bytes, and the token under them. Pages are
 * compressed and may repeat what a stranger put into their address; from the length of many pages
 * with the same token, the stranger could find it out (BREACH).
 */
export function maskFormToken(token: string): string {
  const plain = Buffer.from(token, 'base64url');
  const mask = randomBytes(plain.length);
  return Buffer.concat([mask, combine(plain, mask)]).toString('base64url');
}

/** The token that was masked; another text for what no page carried. */
export function unmaskFormToken(masked: string): string {
  const bytes = Buffer.from(masked, 'base64url');
  const half = bytes.length / 2;
  if (!Number.isInteger(half)) return '';
  return combine(bytes.subarray(half), bytes.subarray(0, half)).toString('base64url');
}

function combine(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)));
}
