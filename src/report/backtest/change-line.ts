import { type Severity, severities } from '../../evaluate/policy/policy.ts';
import { renderCount } from '../../text/render-count.ts';
import type { BacktestCounts } from './backtest-model.ts';

/** “3 violations would open (2 high, 1 low), 1 would resolve, …”. */
export function changeLine({ changes, opens: by }: BacktestCounts): string {
  const { opens, resolves, waived, unknown } = changes;
  const grave = [...severities]
    .reverse()
    .flatMap((severity: Severity) => (by[severity] > 0 ? [`${by[severity]} ${severity}`] : []));
  const parts = [
    `${opens === 0 ? 'Nothing' : renderCount(opens, 'violation')} would open${
      opens === 0 ? '' : ` (${grave.join(', ')})`
    }`,
    `${resolves} would resolve`,
    `${waived} would be waived`,
    ...(unknown === 0 ? [] : [`${unknown} could no longer be judged`]),
  ];
  return parts.join(', ');
}
