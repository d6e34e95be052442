import type { Judgement, Verdict } from '../evaluate/judgement.ts';
import { type Policy, type Severity, severities } from '../evaluate/policy/policy.ts';
import { toCoverage } from '../keys/coverage.ts';
import type {
  BacktestRule,
  BacktestTotals,
  ChangeKind,
  RuleChangeCounts,
  RuleCounts,
} from '../report/backtest/backtest-model.ts';
import type { Change } from './plan-changes.ts';

/** The totals of a sweep, under either its own policy or the other one. */
export interface TotalsTally {
  add(verdict: Verdict, judged: Pick<Judgement, 'unjudged'>): void;
  totals(): BacktestTotals;
}

export function createTotals(): TotalsTally {
  const verdicts = { pass: 0, fail: 0, waived: 0, unknown: 0 };
  let partial = 0;
  return {
    add(verdict, { unjudged }) {
      verdicts[verdict] += 1;
      if (verdict !== 'unknown' && unjudged.length > 0) partial += 1;
    },
    totals() {
      const { pass, fail, waived, unknown } = verdicts;
      const tracked = pass + fail + waived + unknown;
      return { coverage: toCoverage({ tracked, unknown, partial }), verdicts: { ...verdicts } };
    },
  };
}

export interface ChangesTally {
  add(changes: readonly Change[]): void;
  counts(): RuleChangeCounts;
  opens(): { readonly [S in Severity]: number };
}

export function createChanges(): ChangesTally {
  const counts: Record<ChangeKind, number> = { opens: 0, resolves: 0, waived: 0, unknown: 0 };
  const opens: Record<Severity, number> = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
  return {
    add(changes) {
      for (const change of changes) {
        counts[change.kind] += 1;
        if (change.kind === 'opens') opens[change.rule.severity] += 1;
      }
    },
    counts: () => ({ ...counts }),
    opens: () => ({ ...opens }),
  };
}

type Outcome = Pick<Judgement, 'violations' | 'unjudged'>;

export interface RulesTally {
  add(was: Outcome, would: Outcome): void;
  rules(): readonly BacktestRule[];
}

/** Counts by rule: the other policy's rules, gravest first, then the rules that it drops. */
export function createRules(before: Policy, after: Policy): RulesTally {
  const sides = { was: new Map<string, Counts>(), would: new Map<string, Counts>() };
  const severityIn = ({ rules }: Policy, id: string) =>
    rules.find((rule) => rule.id === id)?.severity ?? null;
  return {
    add(was, would) {
      countRules(sides.was, was);
      countRules(sides.would, would);
    },
    rules() {
      const kept = [...after.rules].sort((a, b) => rank(b.severity) - rank(a.severity));
      const gone = before.rules.filter(({ id }) => kept.every((rule) => rule.id !== id));
      return [...kept, ...gone].map(({ id }) => ({
        rule: id,
        severity: { was: severityIn(before, id), would: severityIn(after, id) },
        was: { ...countsOf(sides.was, id) },
        would: { ...countsOf(sides.would, id) },
      }));
    },
  };
}

type Counts = { -readonly [S in keyof RuleCounts]: number };

function countRules(counts: Map<string, Counts>, { violations, unjudged }: Outcome): void {
  for (const { rule, waiver } of violations) {
    countsOf(counts, rule)[waiver === null ? 'open' : 'waived'] += 1;
  }
  for (const { rule } of unjudged) if (rule !== null) countsOf(counts, rule).unknown += 1;
}

function countsOf(counts: Map<string, Counts>, rule: string): Counts {
  const found = counts.get(rule) ?? { open: 0, waived: 0, unknown: 0 };
  counts.set(rule, found);
  return found;
}

function rank(severity: Severity): number {
  return severities.indexOf(severity);
}
