/** The shared rate limit cannot be counted now, so no request may be sent. */
export class PaceUnavailable extends Error {
  override readonly name = 'PaceUnavailable';
  readonly code = 'KEYSWEEP_PACE_UNAVAILABLE';
  readonly retryable = true;
  constructor(source: string) {
    super(`the rate limit of source ${source} cannot be counted now`);
  }
}

/** The vendor asked all workers for a long wait. It is turned into an answer for the key. */
export class HeldBack extends Error {
  override readonly name = 'HeldBack';
  readonly code = 'KEYSWEEP_HELD_BACK';
  readonly retryable = true;
  readonly waitMs: number;
  constructor(waitMs: number) {
    super('the vendor asked all workers to wait');
    this.waitMs = waitMs;
  }
}

/** This process does not know the batch's source. Another may, so the batch is tried again. */
export class SourceNotConfigured extends Error {
  override readonly name = 'SourceNotConfigured';
  readonly code = 'KEYSWEEP_SOURCE_NOT_CONFIGURED';
  readonly retryable = true;
  readonly retryInMs = 60_000;
  constructor(source: string) {
    super(`source ${source} is not in the configuration of this process`);
  }
}

/** The thread that asks the sources ended, or was ended, during a call. */
export class SourcesGone extends Error {
  override readonly name = 'SourcesGone';
  readonly code = 'KEYSWEEP_SOURCES_GONE';
  readonly retryable = true;
  constructor() {
    super('the thread that asks the sources is gone; it is started again with the next batch');
  }
}
