/** The state of a witness cannot be trusted or kept, so it cosigns nothing more. */
export class StateUnusable extends Error {
  override readonly name = 'StateUnusable';
  readonly code = 'KEYSWEEP_WITNESS_STATE';
  readonly retryable = false;
}
