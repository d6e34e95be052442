import { renderAuditInput } from '../audit-input.ts';
import type { AuditOutcome, AuditRecord } from '../audit-model.ts';
import { describeAsker } from '../people/describe-asker.ts';
import { renderInstant } from '../render-instant.ts';
import { type GridLine, type Paint, renderGrid } from './grid.ts';
import { orDash } from './or-dash.ts';
import { createPaints, type Paints } from './paints.ts';
import type { Column } from './plan-grid.ts';
import type { TableOptions } from './table.ts';

const columns: readonly Column[] = [
  { title: 'OUTCOME', most: 8 },
  { title: 'WHEN', most: 20, least: 20 },
  { title: 'WHO', most: 56 },
  { title: 'ORIGIN', most: 39 },
  { title: 'WHAT, INPUT, REASON', most: 0 },
];

/** Renders audit records for a terminal, in the given order. */
export async function* renderAuditTable(
  records: AsyncIterable<AuditRecord>,
  { color, columns: terminal }: TableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  const title = 'Changes that were asked for';
  const grid = { columns, terminal, paintTitle: paints.bold, dim: paints.dim, title };
  let any = false;
  for await (const piece of renderGrid(auditLines(records, paints), grid)) {
    yield any ? piece : piece.trimStart();
    any = true;
  }
  if (!any) yield 'No changes were asked for.\n';
}

async function* auditLines(
  records: AsyncIterable<AuditRecord>,
  paints: Paints,
): AsyncIterable<GridLine> {
  const paintOf: Readonly<Record<AuditOutcome, Paint>> = {
    asked: paints.bold,
    done: paints.verdict.pass,
    refused: paints.verdict.unknown,
    failed: paints.verdict.fail,
    denied: paints.verdict.fail,
  };
  for await (const record of records) {
    yield { cells: cellsOf(record), paint: paintOf[record.outcome] };
  }
}

function cellsOf(record: AuditRecord): readonly string[] {
  const { outcome, at, origin, what, input, reason, times } = record;
  const count = times > 1 ? ` ${times} times` : '';
  const fields = renderAuditInput(input);
  const words = [
    `${what}${count}`,
    ...(fields === '' ? [] : [fields]),
    ...(reason === null ? [] : [reason]),
  ];
  return [outcome, renderInstant(at), askedBy(record), origin, words.join(': ')];
}

function askedBy(record: AuditRecord): string {
  const more = describeAsker(record);
  return more === '' ? orDash(record.who) : `${orDash(record.who)} (${more})`;
}
