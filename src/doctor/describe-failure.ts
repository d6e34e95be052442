import type { Refusal } from '../record/store/errors.ts';

interface Thrown {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly refused?: Refusal | undefined;
}

/** An error as something seen and its mend. Only keysweep's own messages are free of secrets. */
export function describeFailure(error: unknown): Refusal {
  const { name, code, message, refused } = (error ?? {}) as Thrown;
  if (refused !== undefined) return refused;
  if (name === 'TimedOut') {
    const mend = 'check the address, the firewall, and whether the other side is overloaded';
    return { what: `${String(message)}`, mend };
  }
  if (code === 'KEYSWEEP_HOLDER') return { what: String(message), mend: askHolderAgain };
  const known = typeof code === 'string' && code.startsWith('KEYSWEEP_');
  if (known) return { what: String(message), mend: 'mend this, then run keysweep doctor again' };
  const what = `failed (${typeof code === 'string' ? code : String(name)})`;
  return { what, mend: codeMends[String(code)] ?? 'see the log of keysweep and of the server' };
}

const askHolderAgain = 'if this stays so, end that process and start it again';

const codeMends: Readonly<Record<string, string>> = {
  EACCES: 'give this user the right to read and write there',
  EPERM: 'give this user the right to read and write there',
  EROFS: 'the disk is read-only: name another folder in store.url',
  ENOSPC: 'free some disk space',
  ENOTDIR: 'a file is in the way of a folder: correct store.url',
};
