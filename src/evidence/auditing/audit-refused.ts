import { shortenText } from '../../report/safe-text.ts';

const longest = 2_000;

/** A mistake in what the auditor gave: one line, exit 2. Part of it may come from the pack. */
export class AuditRefused extends Error {
  override readonly name = 'AuditRefused';
  readonly code = 'KEYSWEEP_AUDIT_REFUSED';
  readonly retryable = false;

  constructor(message: string) {
    super(shortenText(message, longest));
  }
}
