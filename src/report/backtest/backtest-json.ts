import { inPieces } from '../in-pieces.ts';
import { jsonList, jsonText } from '../json-text.ts';
import type {
  BacktestCounts,
  BacktestSource,
  ChangedUnknown,
  ChangedViolation,
} from './backtest-model.ts';

/** Renders a back-test as one JSON object (“keysweep.backtest/1”), in pieces, one row per line. */
export function renderBacktestJson(
  source: Pick<BacktestSource, 'policy' | 'changes'>,
  counts: BacktestCounts,
): AsyncIterable<string> {
  return inPieces(renderParts(source, counts));
}

async function* renderParts(
  { policy, changes }: Pick<BacktestSource, 'policy' | 'changes'>,
  counts: BacktestCounts,
): AsyncIterable<string> {
  yield '{\n  "schema": "keysweep.backtest/1"';
  yield `,\n  "policy": ${jsonText(policy)}`;
  yield `,\n  "changes": ${jsonText(counts.changes)}`;
  yield `,\n  "opensBySeverity": ${jsonText(counts.opens)}`;
  const lists = [
    ['sweeps', counts.sweeps],
    ['rules', counts.rules],
    ['opens', mapRows(changes('opens'), violationRow)],
    ['resolves', mapRows(changes('resolves'), violationRow)],
    ['waived', mapRows(changes('waived'), violationRow)],
    ['unknown', mapRows(changes('unknown'), unknownRow)],
  ] as const;
  for (const [name, rows] of lists) {
    yield `,\n  ${jsonText(name)}: `;
    yield* jsonList(rows, '  ');
  }
  yield '\n}\n';
}

function violationRow(change: ChangedViolation): object {
  const { fingerprint, rule, type, severity, source, keyId, keyName, owner } = change;
  const { message, facts, controls, waiver, was, would, sweep, asOf } = change;
  return {
    ...{ fingerprint, rule, type, severity, was, would, source, keyId, keyName, owner },
    ...{ message, facts, controls, waiver, sweep, asOf },
  };
}

function unknownRow(change: ChangedUnknown): object {
  const { source, keyId, rule, reason, fields, detail, was, would, sweep, asOf } = change;
  return { source, keyId, rule, was, would, reason, fields, detail, sweep, asOf };
}

async function* mapRows<T>(rows: AsyncIterable<T>, map: (row: T) => object): AsyncIterable<object> {
  for await (const row of rows) yield map(row);
}
