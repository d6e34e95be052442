import { renderCount } from '../../text/render-count.ts';
import { type CellFault, inRow } from './cell-fault.ts';
import { nameDelimiter } from './csv-dialect.ts';
import { columnNames } from './csv-heading.ts';

/** The cells of a row as a row of YAML or JSON; none if their number is wrong. */
export type RowReader = (cells: readonly string[]) => {
  readonly row?: unknown;
  readonly faults: readonly CellFault[];
};

/** Reads the rows below a header with these columns. */
export function createRowReader(names: readonly string[], delimiter: string): RowReader {
  const shape = createShaper(names);
  return (cells) => {
    const wrong = faultOfWidth(cells, names, delimiter);
    return wrong === undefined ? shape(cells) : { faults: [wrong] };
  };
}

/** An absent field does not count as empty: a truncated row may have lost its owner. */
function faultOfWidth(
  cells: readonly string[],
  names: readonly string[],
  delimiter: string,
): CellFault | undefined {
  const strange = cells.findIndex((cell, column) => cell !== '' && !names[column]);
  if (cells.length >= names.length && strange === -1) return undefined;
  if (strange !== -1 && strange < names.length) {
    return { ...inRow, column: strange, message: 'the column of this field has no name' };
  }
  const counts = `this row has ${renderCount(cells.length, 'field')}, the header has ${names.length}`;
  const separator = nameDelimiter(delimiter);
  const mend =
    cells.length < names.length
      ? `an empty field keeps its ${separator}, at the end of a row too`
      : `a field that holds a ${separator} must stand in double quotes`;
  return { ...inRow, message: `${counts}: ${mend}` };
}

interface ListRead {
  readonly list: readonly string[] | null;
  readonly wrong?: string;
}

/**
 * Makes rows from cells. Equal list cells share one list, because most rows repeat a list. A list
 * that is separated in another way is a fault of its cell.
 */
function createShaper(names: readonly string[]) {
  const place = (name: string) => names.indexOf(name);
  const [source, keyId, owner, environment, scopes, tags] = columnNames.map(place);
  const cell = (cells: readonly string[], column = -1) => cells[column] || null;
  const readScopes = createListReader(/[;,\s]/, 'scopes');
  const readTags = createListReader(/[;,\r\n]/, 'tags');
  return (cells: readonly string[]) => {
    const approved = readScopes(cell(cells, scopes));
    const tagged = readTags(cell(cells, tags));
    const row = {
      source: cells[source ?? -1],
      keyId: cells[keyId ?? -1],
      owner: cell(cells, owner),
      environment: cell(cells, environment),
      approvedScopes: approved.list,
      tags: tagged.list,
    };
    const isRight = approved.wrong === undefined && tagged.wrong === undefined;
    const faults = isRight
      ? none
      : [...faultOf(approved, scopes, 'approved_scopes'), ...faultOf(tagged, tags, 'tags')];
    return { row, faults };
  };
}

const none: readonly CellFault[] = [];

function faultOf({ wrong }: ListRead, column = 0, name: string): CellFault[] {
  return wrong === undefined ? [] : [{ column, path: [name], message: wrong }];
}

/** Most files have few distinct lists. */
const mostKnown = 10_000;

function createListReader(strange: RegExp, what: string) {
  const known = new Map<string, ListRead>();
  return (text: string | null): ListRead => {
    if (text === null) return { list: null };
    const before = known.get(text);
    if (before !== undefined) return before;
    const read = readList(text, strange, what);
    if (known.size >= mostKnown) known.clear();
    known.set(text, read);
    return read;
  };
}

/** A cell that holds only separators counts as empty. */
function readList(text: string, strange: RegExp, what: string): ListRead {
  const stated = text
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const found = stated.map((part) => strange.exec(part)?.[0]).find((sign) => sign !== undefined);
  if (found === undefined) return { list: stated.length > 0 ? stated : null };
  return {
    list: null,
    wrong: `${what} are separated by |, not by ${separatorNames[found] ?? 'a blank'}`,
  };
}

const separatorNames: Readonly<Record<string, string>> = {
  ';': 'a semicolon',
  ',': 'a comma',
  '\n': 'a line end',
  '\r': 'a line end',
};
