/** The place where the shared rate limit is counted does not answer: nothing may be asked. */
export class PaceUnavailable extends Error {
  override readonly name = 'PaceUnavailable';
  readonly code = 'KEYSWEEP_PACE_UNAVAILABLE';
  readonly retryable = true;
  constructor(source: string) {
    super(`the rate limit of source ${source} cannot be counted now`);
  }
}

/** A batch of a source that this process does not know. Another may, so it is tried again. */
export class SourceNotConfigured extends Error {
  override readonly name = 'SourceNotConfigured';
  readonly code = 'KEYSWEEP_SOURCE_NOT_CONFIGURED';
  readonly retryable = true;
  readonly retryInMs = 60_000;
  constructor(source: string) {
    super(`source ${source} is not in the configuration of this process`);
  }
}

/** The thread that asks the sources ended, or was ended, in the middle of a call. */
export class SourcesGone extends Error {
  override readonly name = 'SourcesGone';
  readonly code = 'KEYSWEEP_SOURCES_GONE';
  readonly retryable = true;
  constructor() {
    super('the thread that asks the sources is gone; it is started again with the next batch');
  }
}
