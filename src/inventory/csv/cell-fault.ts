import type { Path } from '../../documents/mistake.ts';

/** A fault in a cell of a row; the column counts from 0. */
export interface CellFault {
  readonly column: number;
  readonly path: Path;
  readonly message: string;
}

/** The place of a fault that concerns the whole row. */
export const inRow = { column: 0, path: ['(row)'] };
