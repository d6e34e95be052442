import type { Severity } from '../../evaluate/policy/policy.ts';
import { isAtLeast } from '../../evaluate/policy/severity.ts';
import type { BacktestSource, ChangeKind, Changes } from './backtest-model.ts';

/** Hides less severe violations of a back-test. Counts and unknowns stay complete. */
export function leaveOut(source: BacktestSource, severity: Severity): BacktestSource {
  if (severity === 'info') return source;
  return { ...source, changes: (kind) => graver(source.changes(kind), severity) };
}

async function* graver<K extends ChangeKind>(
  changes: AsyncIterable<Changes[K]>,
  severity: Severity,
): AsyncIterable<Changes[K]> {
  for await (const change of changes) {
    if (!('severity' in change) || isAtLeast(change.severity, severity)) yield change;
  }
}
