/** A fault or fleet that the sandbox cannot use. The message says what is wrong. */
export class SandboxMisuse extends Error {
  override readonly name = 'SandboxMisuse';
  readonly code = 'KEYSWEEP_SANDBOX_MISUSE';
  readonly retryable = false;
}
