import { plainText } from '../../../evaluate/policy/plain-text.ts';
import type { Wrong } from '../../../options/address.ts';
import { checked } from '../../../options/checked.ts';

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const domain = new RegExp(`^${label}(?:\\.${label})+$`);
const literal = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9A-Fa-f:.]{2,45})\]$/;

/** Checks what may follow EHLO: a host name with a dot, or an address in brackets (RFC 5321). */
export function wrongHostName(text: string): Wrong {
  if (domain.test(text) || literal.test(text)) return undefined;
  return 'must be a full host name such as keysweep.example.com, or an address such as [192.0.2.1]';
}

export const hostName = checked(wrongHostName, plainText(255));

/**
 * The name for EHLO where none is given: the domain of the sender. The name of this machine would be
 * worse: in a container it has no dot, and relays refuse that. Undefined for a domain without a dot.
 */
export function hostNameOf(from: string): string | undefined {
  const name = from.slice(from.lastIndexOf('@') + 1);
  return wrongHostName(name) === undefined ? name : undefined;
}
