import type { CellFault } from './cell-fault.ts';

/** The columns of `keys.csv`, and the field of a tracked key that each holds. */
export const fieldOf: Readonly<Record<string, string>> = {
  source: 'source',
  key_id: 'keyId',
  owner: 'owner',
  environment: 'environment',
  approved_scopes: 'approvedScopes',
  tags: 'tags',
};
export const columnNames: readonly string[] = Object.keys(fieldOf);
const required = ['source', 'key_id'];

/** What to do with a file that a spreadsheet wrote in another form. */
export const saveAgain = 'save it as CSV UTF-8 (comma separated)';

/** The header of a CSV inventory. */
export interface Heading {
  /** The column names as `keys.csv` spells them; empty for a column without a name. */
  readonly names: readonly string[];
  readonly faults: readonly CellFault[];
  /** False if a column that identifies the key is missing: then rows have no meaning. */
  readonly usable: boolean;
}

/** Reads a header. Case and the space around and in names don't matter; empty ends are dropped. */
export function readHeading(cells: readonly string[]): Heading {
  const last = cells.findLastIndex((cell) => cell !== '');
  const names = cells.slice(0, last + 1).map(plainName);
  const faults = names.flatMap((name, column) => {
    const message = faultOf(name, names.indexOf(name) < column);
    const path = [/^\S{1,60}$/.test(name) ? name : '(header)'];
    return message === undefined ? [] : [{ column, path, message }];
  });
  const missing = required.filter((name) => !names.includes(name));
  const absent = missing.map((name) => ({
    column: 0,
    path: [name],
    message: 'this column is missing',
  }));
  return { names, faults: [...faults, ...absent], usable: missing.length === 0 };
}

/** How many cells of a header name a column. */
export function countColumns(cells: readonly string[]): number {
  return cells.filter((cell) => columnNames.includes(plainName(cell))).length;
}

function plainName(cell: string): string {
  return cell.toLowerCase().replace(/\s+/g, '_');
}

function faultOf(name: string, isRepeated: boolean): string | undefined {
  if (name === '') return undefined;
  if (columnNames.includes(name)) return isRepeated ? 'this column is given twice' : undefined;
  const unknown = `unknown column; known are ${columnNames.join(', ')}`;
  // Several names in one cell: the columns are separated by something else.
  return /[^\w. -]/.test(name)
    ? `${unknown}; if a spreadsheet wrote this file, ${saveAgain}`
    : unknown;
}
