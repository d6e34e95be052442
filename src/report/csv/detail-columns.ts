import { detailFields, type KeyDetails } from '../../keys/detail-fields.ts';
import { lastUsedCell, listCell } from './cells.ts';
import type { Cell } from './write-rows.ts';

type Column = (typeof detailFields)[number]['column'];

/** One column for each detail of a row's key. */
export function detailColumns<T>(
  keyOf: (row: T) => KeyDetails | undefined,
): Readonly<Record<Column, (row: T) => Cell>> {
  const columns = detailFields.map(({ name, column }) => {
    const cell = (row: T) => renderCell(keyOf(row)?.[name]);
    return [column, cell];
  });
  return Object.fromEntries(columns);
}

function renderCell(value: KeyDetails[keyof KeyDetails] | null): Cell {
  if (typeof value === 'string') return value;
  return value === null || value instanceof Date ? lastUsedCell(value) : listCell(value);
}
