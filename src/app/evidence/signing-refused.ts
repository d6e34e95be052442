/** The log is not signed, because that could vouch for a history that was rewritten, or cannot be. */
export class SigningRefused extends Error {
  override readonly name = 'SigningRefused';
  readonly code = 'KEYSWEEP_SIGNING_REFUSED';
  readonly retryable = false;
}
