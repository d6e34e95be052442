import type { CheckLine } from '../doctor-model.ts';
import { type Columns, writeRows } from './write-rows.ts';

const columns: Columns<CheckLine> = {
  group: ({ group }) => group,
  check: ({ check }) => check,
  status: ({ status }) => status,
  seen: ({ seen }) => seen,
  mend: ({ mend }) => mend,
};

/** Renders what `keysweep doctor` found as CSV, one row per check. */
export function renderDoctorCsv(lines: readonly CheckLine[]): AsyncIterable<string> {
  return writeRows(columns, rowsOf(lines));
}

async function* rowsOf(lines: readonly CheckLine[]): AsyncIterable<CheckLine> {
  yield* lines;
}
