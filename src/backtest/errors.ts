/** A back-test ended before it was done. */
export class BacktestEnded extends Error {
  override readonly name = 'BacktestEnded';
  readonly code = 'KEYSWEEP_BACKTEST_ENDED';
  readonly retryable = false;
  constructor(why: string) {
    super(`the back-test was ended: ${why}`);
  }
}
