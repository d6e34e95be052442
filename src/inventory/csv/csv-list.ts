import type { Fault, Path } from '../../documents/mistake.ts';
import type { TextBytes } from '../../documents/text-bytes.ts';
import { type KeyList, mostFaults, unreadableList } from '../key-list.ts';
import { indexLines } from '../line-index.ts';
import { type CellFault, inRow } from './cell-fault.ts';
import { readDialect } from './csv-dialect.ts';
import { columnNames, fieldOf, type Heading, readHeading } from './csv-heading.ts';
import { eachRowOfText, readRowAt } from './csv-text.ts';
import { createRowReader, type RowReader } from './read-row.ts';

type TakeKey = Parameters<KeyList['each']>[0];

/** Enough for the header, and for what may stand above it. */
const headLength = 4 * 1024 * 1024;

/**
 * An inventory in CSV with a header: columns in any order, separated by commas, semicolons or tabs;
 * RFC 4180 quoting, LF or CRLF, empty rows skipped. Scopes and tags are separated by `|`; an empty
 * field means no value. The number of a row is its offset in bytes. Places are looked up only for
 * mistakes, in rows that are read once more.
 */
export function readCsvList(text: TextBytes): KeyList {
  const dialect = readDialect(text.slice(0, headLength));
  if (dialect.faults.length > 0) return unreadableList(...dialect.faults);
  const { delimiter } = dialect;
  const position = indexLines(text);
  const at = (start: number, column: number) => {
    const row = readRowAt(text, start, delimiter);
    const offset = typeof row === 'string' ? 0 : (row.offsets[column] ?? row.offsets[0] ?? 0);
    return position(start + offset);
  };
  const faults: Fault[] = [];
  const addFault = (start: number, { column, ...fault }: CellFault) => {
    if (faults.length < mostFaults) faults.push({ ...at(start, column), ...fault });
  };
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
    if (row !== undefined) take(row, start);
  };
  return {
    async each(take) {
      const broken = await eachRowOfText(text, dialect, (cells, start) =>
        heading === undefined ? begin(cells, start) : takeRow(cells, start, take),
      );
      if (broken !== undefined) addFault(broken.start, { ...inRow, message: broken.message });
    },
    faults,
    read(start) {
      const row = readRowAt(text, start, delimiter);
      return typeof row === 'string' ? undefined : readRow(row.cells).row;
    },
    locate: (start, path) => at(start, heading?.names.indexOf(nameOf(path)) ?? 0),
    name: (_start, path) => [nameOf(path)],
  };
}

function nameOf(path: Path): string {
  return columnNames.find((name) => fieldOf[name] === path[0]) ?? '(row)';
}
