/** The caller closed the source during a call; this is not the vendor's fault. */
export class SourceClosed extends Error {
  override readonly name = 'SourceClosed';
  readonly code = 'KEYSWEEP_SOURCE_CLOSED';
  readonly retryable = true;

  constructor(source: string) {
    super(`source ${source} was closed while it was being asked`);
  }
}
