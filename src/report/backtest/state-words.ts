import type { RuleState } from './backtest-model.ts';

/** The state of a rule under the policy of the sweep. */
export const wasWords: { readonly [S in RuleState]: string } = {
  open: 'open',
  waived: 'waived',
  unknown: 'unknown',
  passed: 'passed',
  absent: 'no such rule',
};

/** The state of a rule under the other policy. */
export const wouldWords: { readonly [S in RuleState]: string } = { ...wasWords, passed: 'passes' };

/** `3`, or `3 → 5` if the value changes. */
export function renderMove(was: number | string, would: number | string): string {
  return was === would ? `${was}` : `${was} → ${would}`;
}
