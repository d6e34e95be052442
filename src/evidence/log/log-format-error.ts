/** A text or bytes of the log that are not in the one allowed form. The message says what and where. */
export class LogFormatError extends Error {
  override readonly name = 'LogFormatError';
  readonly code = 'KEYSWEEP_LOG_FORMAT';
  readonly retryable = false;

  /** The message without the place. */
  readonly what: string;

  /** `where` names the thing, and the line of it if there is one: `checkpoint, line 2`. */
  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
    this.what = what;
  }
}
