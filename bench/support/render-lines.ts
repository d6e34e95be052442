import type { Line } from './judge.ts';

/** A plain table, one line per figure. */
export function renderTable(lines: readonly Line[]): string {
  const rows = [
    ['figure', 'value', 'compared with', 'aim', 'reached'],
    ...lines.map((line) => [
      line.figure,
      renderValue(line),
      line.beside ?? '',
      line.aim ?? '',
      verdictOf(line),
    ]),
  ];
  const widths =
    rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  const rendered = rows.map((row) =>
    row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '),
  );
  return rendered.map((row) => `${row.trimEnd()}\n`).join('');
}

function renderValue({ value, unit, rounds, leftOut }: Line): string {
  if (value === undefined) return `left out: ${leftOut}`;
  const spread = rounds === undefined || rounds.length < 2 ? '' : ` (${spreadOf(rounds)})`;
  return `${rounded(value)} ${unit}${spread}`;
}

const spreadOf = (rounds: readonly number[]) =>
  `${rounded(Math.min(...rounds))} to ${rounded(Math.max(...rounds))}`;

function verdictOf({ aim, reached }: Line): string {
  if (aim === undefined) return '';
  if (reached === undefined) return 'not measured';
  return reached ? 'yes' : 'NO';
}

/** Three digits or more: enough to compare, without feigned exactness. Counts stay whole. */
export function rounded(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value));
  return value.toFixed(size >= 10 ? 1 : 2);
}
