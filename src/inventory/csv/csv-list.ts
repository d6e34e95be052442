import type { Fault, Path } from '../../documents/mistake.ts';
import { type KeyList, mostFaults, unreadableList } from '../key-list.ts';
import { indexLines } from '../line-index.ts';
import { type CellFault, inRow } from './cell-fault.ts';
import { readDialect } from './csv-dialect.ts';
import { columnNames, fieldOf, type Heading, readHeading } from './csv-heading.ts';
import { eachCsvRow, readCsvRow } from './csv-row.ts';
import { createRowReader, type RowReader } from './read-row.ts';

type TakeKey = Parameters<KeyList['each']>[0];

/**
 * An inventory in CSV with a header: columns in any order, separated by commas, semicolons or tabs;
 * RFC 4180 quoting, LF or CRLF, empty rows skipped. Scopes and tags are separated by `|`; an empty
 * field means no value. Places are looked up only for mistakes, in rows that are read once more.
 */
export function readCsvList(bytes: Buffer): KeyList {
  const dialect = readDialect(bytes);
  if (dialect.faults.length > 0) return unreadableList(...dialect.faults);
  const { delimiter } = dialect;
  const position = indexLines(bytes);
  const at = (start: number, column: number) => {
    const row = readCsvRow(bytes, start, delimiter);
    const offset = typeof row === 'string' ? start : (row.offsets[column] ?? row.offsets[0]);
    return position(offset ?? start);
  };
  const faults: Fault[] = [];
  const addFault = (start: number, { column, ...fault }: CellFault) => {
    if (faults.length < mostFaults) faults.push({ ...at(start, column), ...fault });
  };
  /** For each row that was taken, its offset in bytes. */
  const starts: number[] = [];
  let heading: Heading | undefined;
  let readRow: RowReader = () => ({ faults: [] });
  const begin = (cells: readonly string[], start: number) => {
    heading = readHeading(cells);
    for (const fault of heading.faults) addFault(start, fault);
    if (heading.usable) readRow = createRowReader(heading.names, delimiter);
  };
  const takeRow = (cells: readonly string[], start: number, take: TakeKey) => {
    const { row, faults: wrong } = readRow(cells);
    for (const fault of wrong) addFault(start, fault);
    if (row !== undefined) take(row, starts.push(start) - 1);
  };
  return {
    each(take) {
      const broken = eachCsvRow(bytes, dialect, (cells, start) =>
        heading === undefined ? begin(cells, start) : takeRow(cells, start, take),
      );
      if (broken !== undefined) addFault(broken.start, { ...inRow, message: broken.message });
    },
    faults,
    read(row) {
      const found = readCsvRow(bytes, starts[row] ?? 0, delimiter);
      return typeof found === 'string' ? undefined : readRow(found.cells).row;
    },
    locate: (row, path) => at(starts[row] ?? 0, heading?.names.indexOf(nameOf(path)) ?? 0),
    name: (_row, path) => [nameOf(path)],
  };
}

function nameOf(path: Path): string {
  return columnNames.find((name) => fieldOf[name] === path[0]) ?? '(row)';
}
