import type { ReportSweep } from '../model.ts';
import type {
  BacktestCounts,
  BacktestRule,
  BacktestSource,
  BacktestSweep,
  ChangedUnknown,
  ChangedViolation,
  ChangeKind,
  Changes,
} from './backtest-model.ts';

type Instants<T, Names extends keyof T> = Omit<T, Names> & { readonly [N in Names]: string };
type SweepJson = Omit<ReportSweep, 'dueAt' | 'openedAt' | 'closedAt'> & {
  readonly dueAt: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
};

/** A back-test as `renderBacktestJson` writes it, parsed. */
export interface BacktestJson {
  readonly policy: BacktestSource['policy'];
  readonly changes: BacktestCounts['changes'];
  readonly opensBySeverity: BacktestCounts['opens'];
  readonly sweeps: readonly (Omit<BacktestSweep, 'sweep'> & { readonly sweep: SweepJson })[];
  readonly rules: readonly BacktestRule[];
  readonly opens: readonly Instants<ChangedViolation, 'asOf'>[];
  readonly resolves: readonly Instants<ChangedViolation, 'asOf'>[];
  readonly waived: readonly Instants<ChangedViolation, 'asOf'>[];
  readonly unknown: readonly Instants<ChangedUnknown, 'asOf'>[];
}

/** Turns parsed JSON back into the back-test that it was rendered from. */
export function readBacktestJson(json: BacktestJson): BacktestSource {
  const { policy, changes, opensBySeverity: opens, rules } = json;
  const sweeps = json.sweeps.map((one) => ({ ...one, sweep: readSweep(one.sweep) }));
  return {
    policy,
    // The JSON holds the finished counts.
    // biome-ignore lint/correctness/useYield: there is nothing left to wait for
    async *count() {
      return { sweeps, rules, changes, opens };
    },
    async *changes<K extends ChangeKind>(kind: K) {
      for (const row of json[kind]) {
        yield { ...row, asOf: new Date(row.asOf) } as unknown as Changes[K];
      }
    },
    close: async () => undefined,
  };
}

function readSweep(sweep: SweepJson): ReportSweep {
  return {
    ...sweep,
    dueAt: readInstant(sweep.dueAt),
    openedAt: new Date(sweep.openedAt),
    closedAt: readInstant(sweep.closedAt),
  };
}

function readInstant(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
