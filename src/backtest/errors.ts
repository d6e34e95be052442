import type { Fault } from '../documents/mistake.ts';
import { InvalidPolicy } from '../evaluate/policy/parse-policy.ts';

/** As `InvalidPolicy`, with the places of what is wrong, from top to bottom. */
export class UnreadablePolicy extends InvalidPolicy {
  readonly faults: readonly Fault[];
  constructor(message: string, faults: readonly Fault[]) {
    super(message);
    this.faults = faults;
  }
}

/** A back-test ended before it was done. */
export class BacktestEnded extends Error {
  override readonly name = 'BacktestEnded';
  readonly code = 'KEYSWEEP_BACKTEST_ENDED';
  readonly retryable = false;
  constructor(why: string) {
    super(`the back-test was ended: ${why}`);
  }
}
