/** A mistake in what the auditor gave: one line, exit 2. */
export class AuditRefused extends Error {
  override readonly name = 'AuditRefused';
  readonly code = 'KEYSWEEP_AUDIT_REFUSED';
  readonly retryable = false;
}
