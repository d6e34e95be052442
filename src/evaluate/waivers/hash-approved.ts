import { hash } from 'node:crypto';

/** A key that a waiver names. */
export interface WaivedKey {
  readonly source: string;
  readonly keyId: string;
}

/**
 * The identity of what somebody approves, 64 hex digits: a waiver (`hashWaiver`) with its keys;
 * undefined: it has a match. The order of keys does not count.
 */
export function hashApproved(waiver: string, waived: readonly WaivedKey[] | undefined): string {
  const keys = waived?.map(({ source, keyId }) => JSON.stringify([source, keyId]));
  const said = [waiver, keys === undefined ? null : [...new Set(keys)].sort()];
  return hash('sha256', JSON.stringify(said));
}
