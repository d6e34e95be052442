import type { Policy } from '../evaluate/policy/policy.ts';
import type { BacktestCounts } from '../report/backtest/backtest-model.ts';
import type { JudgedChunk } from './judge-chunks.ts';
import { createChanges, createRules, createTotals } from './plan-tally.ts';
import type { KeptSweep } from './read-sweeps.ts';

/** Counts the new judgements: per sweep, over all sweeps, and per rule in the newest sweep. */
export interface Tally {
  add(chunk: JudgedChunk): void;
  counts(): BacktestCounts;
}

export function createTally(sweeps: readonly KeptSweep[], before: Policy, after: Policy): Tally {
  const newest = sweeps.at(-1)?.id;
  const rules = createRules(before, after);
  const all = createChanges();
  const each = new Map(
    sweeps.map(({ id, report }) => {
      const parts = { was: createTotals(), would: createTotals(), changes: createChanges() };
      return [id, { sweep: report, ...parts }];
    }),
  );
  return {
    add({ sweep: { id }, keys }) {
      const one = each.get(id);
      for (const { evidence, after: judged, changes, first } of keys) {
        one?.was.add(evidence.verdict, evidence.judgement);
        one?.would.add(judged.verdict, judged);
        one?.changes.add(changes);
        all.add(first);
        if (id === newest) rules.add(evidence.judgement, judged);
      }
    },
    counts: () => ({
      sweeps: [...each.values()].map(({ sweep, was, would, changes }) => ({
        sweep,
        was: was.totals(),
        would: would.totals(),
        changes: changes.counts(),
      })),
      rules: rules.rules(),
      changes: all.counts(),
      opens: all.opens(),
    }),
  };
}
