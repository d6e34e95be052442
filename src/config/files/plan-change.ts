/** What a policy or an inventory was found to be, when its files were read again. */
export interface ReadAgain {
  /** The hash of what was read; undefined if it has mistakes. */
  readonly hash: string | undefined;
  /** The hash of what is in use. */
  readonly inUse: string;
  /** Whether it was rejected when it was read last. */
  readonly wasRejected: boolean;
}

/**
 * `use` it from now on, `reject` it and keep what is in use, or note that it `returned` to what is
 * in use after it was rejected; `same` if nothing has changed.
 */
export function planChange({
  hash,
  inUse,
  wasRejected,
}: ReadAgain): 'use' | 'reject' | 'returned' | 'same' {
  if (hash === undefined) return 'reject';
  if (hash !== inUse) return 'use';
  return wasRejected ? 'returned' : 'same';
}
