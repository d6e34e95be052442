import { hash } from 'node:crypto';

/**
 * The identity of a finding across sweeps: SHA-256, 64 hex digits, of the JSON array
 * [source, keyId, rule]. It contains nothing that changes from sweep to sweep.
 */
export function fingerprint(source: string, keyId: string, rule: string): string {
  return hash('sha256', JSON.stringify([source, keyId, rule]));
}
