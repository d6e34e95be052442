import { renderBacktestJson } from '../report/backtest/backtest-json.ts';
import type { BacktestCounts, BacktestSource } from '../report/backtest/backtest-model.ts';

/**
 * A back-test as JSON. While it is counted, which takes seconds for each 100,000 keys, spaces are
 * sent, so that whoever waits hears that there is somebody.
 */
export async function* streamBacktest(source: BacktestSource): AsyncIterable<string> {
  const counting = source.count();
  let counts: BacktestCounts | undefined;
  while (counts === undefined) {
    const { done, value } = await counting.next();
    if (done === true) counts = value;
    else yield ' ';
  }
  yield* renderBacktestJson(source, counts);
}
