import type {
  BacktestSource,
  ChangeKind,
  Changes,
} from '../../../report/backtest/backtest-model.ts';
import type { BacktestResult } from './kept-backtest.ts';

/** As many changes of a kind are kept; the command prints all. */
const mostChanges = 50;

/** Judges all keys, and keeps what a page shows. Throws `BacktestEnded`. */
export async function judgeToResult(
  source: BacktestSource,
  note: (done: number, total: number) => void,
): Promise<BacktestResult> {
  const counting = source.count();
  let step = await counting.next();
  while (step.done !== true) {
    note(...step.value);
    step = await counting.next();
  }
  const first = async <K extends ChangeKind>(kind: K) =>
    takeFirst<Changes[K]>(source.changes(kind));
  return {
    ...step.value,
    policy: source.policy,
    first: {
      opens: await first('opens'),
      resolves: await first('resolves'),
      waived: await first('waived'),
      unknown: await first('unknown'),
    },
  };
}

async function takeFirst<T>(changes: AsyncIterable<T>): Promise<readonly T[]> {
  const taken: T[] = [];
  for await (const change of changes) {
    taken.push(change);
    if (taken.length === mostChanges) break;
  }
  return taken;
}
