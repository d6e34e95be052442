import type { WantedSweeps } from '../../../backtest/read-sweeps.ts';
import { dayMs } from '../../../keys/days.ts';

type Span = readonly [value: string, words: string];

/** Which sweeps a form can ask for. More nights take longer than a back-test may. */
export const spans: readonly Span[] = [
  ['last', 'the last full sweep'],
  ['7d', 'full sweeps of the last 7 days'],
  ['30d', 'full sweeps of the last 30 days'],
];

/** The last full sweep, unless the value is one of `spans`. */
export function parseSpan(value: string | undefined): WantedSweeps {
  if (value === '7d') return { kind: 'since', ms: 7 * dayMs };
  if (value === '30d') return { kind: 'since', ms: 30 * dayMs };
  return { kind: 'last' };
}

/** The value of the form for these sweeps. */
export function spanOf(sweeps: WantedSweeps): string {
  return sweeps.kind === 'since' ? `${Math.round(sweeps.ms / dayMs)}d` : 'last';
}
