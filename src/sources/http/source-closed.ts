/** The source was closed while it was asked: the caller's doing, not the vendor's. */
export class SourceClosed extends Error {
  override readonly name = 'SourceClosed';
  readonly code = 'KEYSWEEP_SOURCE_CLOSED';
  readonly retryable = true;

  constructor(source: string) {
    super(`source ${source} was closed while it was being asked`);
  }
}
