/** A connection ended without a word. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code = 'ECONNRESET';
  readonly retryable = true;
}
