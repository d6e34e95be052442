import { parse } from 'csv-parse/sync';
import type { Fault, Path } from '../documents/mistake.ts';
import { renderCount } from '../text/render-count.ts';
import { offsetOfCell } from './csv-cell.ts';
import { type KeyList, mostFaults } from './key-list.ts';
import { indexLines } from './line-index.ts';

/** The columns of `keys.csv`, and the field of a tracked key that each holds. */
const fieldOf: Readonly<Record<string, string>> = {
  source: 'source',
  key_id: 'keyId',
  owner: 'owner',
  environment: 'environment',
  approved_scopes: 'approvedScopes',
  tags: 'tags',
};
const required = ['source', 'key_id'];
const columnNames = Object.keys(fieldOf);

/**
 * An inventory in CSV with a header: RFC 4180 quoting, LF or CRLF, empty rows skipped, space around
 * fields ignored. Scopes and tags are separated by `|`; an empty field means no value.
 */
export function readCsvList(bytes: Buffer): KeyList {
  const position = indexLines(bytes);
  const at = (start: number, column: number) => position(offsetOfCell(bytes, start, column));
  const faults: Fault[] = [];
  /** For each row, the offset in bytes where the previous row of any kind ended. */
  const starts: number[] = [];
  let heading: Heading | undefined;

  const readFirst = (cells: readonly string[], start: number) => {
    heading = readHeading(cells);
    for (const { column, ...fault } of heading.faults) {
      faults.push({ ...at(start, column), ...fault });
    }
    return heading;
  };
  const isWhole = (cells: readonly string[], start: number, { names }: Heading) => {
    if (cells.length === names.length) return true;
    const message = wrongWidth(cells.length, names.length);
    if (faults.length < mostFaults) faults.push({ ...at(start, 0), path: ['(row)'], message });
    return false;
  };
  return {
    each(take) {
      const broken = eachRow(bytes, (cells, start) => {
        if (heading === undefined) readFirst(cells, start);
        else if (heading.usable && isWhole(cells, start, heading)) {
          take(heading.shape(cells), starts.push(start) - 1);
        }
      });
      if (broken !== undefined) {
        faults.push({ ...at(broken.start, 0), path: ['(row)'], message: broken.message });
      }
    },
    faults,
    locate: (row, path) => at(starts[row] ?? 0, heading?.names.indexOf(nameOf(path)) ?? 0),
    name: (_row, path) => [nameOf(path)],
  };
}

/** An absent field does not count as empty: a truncated row may have lost its owner. */
function wrongWidth(fields: number, columns: number): string {
  const counts = `this row has ${renderCount(fields, 'field')}, the header has ${columns}`;
  return fields < columns
    ? `${counts}: an empty field keeps its comma, at the end of a row too`
    : `${counts}: a field that holds a comma must stand in double quotes`;
}

function nameOf(path: Path): string {
  return columnNames.find((name) => fieldOf[name] === path[0]) ?? '(row)';
}

const quoteWords: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that opens in this row is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quoted field of this row goes on after its closing quote',
  INVALID_OPENING_QUOTE: 'a field of this row holds a quote but does not begin with one',
  CSV_MAX_RECORD_SIZE: 'this row is longer than 1 MB; a quote may not be closed',
};

/** Passes each row that is not empty to `take`; returns the fault that ends the reading early. */
function eachRow(bytes: Buffer, take: (cells: string[], start: number) => void) {
  let start = 0;
  try {
    parse(bytes, {
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 1_000_000,
      on_record: (cells: string[], context) => {
        if (cells.some((cell) => cell !== '')) take(cells, start);
        start = context.bytes;
        return undefined;
      },
    });
    return undefined;
  } catch (error) {
    const message = quoteWords[(error as { code?: string }).code ?? ''];
    if (message === undefined) throw error;
    return { start, message };
  }
}

interface Heading {
  readonly names: readonly string[];
  readonly faults: readonly { column: number; path: Path; message: string }[];
  /** False if a column that identifies the key is missing: then rows have no meaning. */
  readonly usable: boolean;
  readonly shape: (cells: readonly string[]) => unknown;
}

function readHeading(names: readonly string[]): Heading {
  const faults: { column: number; path: Path; message: string }[] = [];
  names.forEach((name, column) => {
    const path = [/^\S{1,60}$/.test(name) ? name : '(header)'];
    if (!columnNames.includes(name)) {
      faults.push({ column, path, message: `unknown column; known are ${columnNames.join(', ')}` });
    } else if (names.indexOf(name) < column) {
      faults.push({ column, path, message: 'this column is given twice' });
    }
  });
  const missing = required.filter((name) => !names.includes(name));
  for (const name of missing)
    faults.push({ column: 0, path: [name], message: 'this column is missing' });
  return { names, faults, usable: missing.length === 0, shape: shaper(names) };
}

/** Makes rows from cells. Equal list cells share one list, because most rows repeat a list. */
function shaper(names: readonly string[]) {
  const lists = new Map<string, readonly string[] | null>();
  const place = (name: string) => names.indexOf(name);
  const [source, keyId, owner, environment, scopes, tags] = columnNames.map(place);
  const cell = (cells: readonly string[], column = -1) => cells[column] || null;
  const list = (text: string | null) => {
    if (text === null) return null;
    if (!lists.has(text)) lists.set(text, split(text));
    return lists.get(text) ?? null;
  };
  return (cells: readonly string[]) => ({
    source: cells[source ?? -1],
    keyId: cells[keyId ?? -1],
    owner: cell(cells, owner),
    environment: cell(cells, environment),
    approvedScopes: list(cell(cells, scopes)),
    tags: list(cell(cells, tags)),
  });
}

/** A cell that holds only separators counts as empty. */
function split(text: string): readonly string[] | null {
  const parts = text.split('|').map((part) => part.trim());
  const stated = parts.filter((part) => part !== '');
  return stated.length > 0 ? stated : null;
}
