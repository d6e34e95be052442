import { type Fault, fileStart, type Position } from '../documents/mistake.ts';
import { readYaml } from '../documents/yaml-document.ts';
import { type KeyList, mostFaults, noList, unreadableList } from './key-list.ts';
import { indexLines } from './line-index.ts';
import { locateInside } from './locate-inside.ts';
import { readPlainRow } from './yaml-plain-row.ts';
import { endOfRow, startOfRows } from './yaml-rows.ts';

/** The reader that knows all of YAML takes 100 µs a key, and 90 bytes for each of text. */
const mostBytes = 8 * 1024 * 1024;
const tooLarge: Fault = {
  ...fileStart,
  path: [],
  message:
    'is larger than 8 MB: then each key must begin with “- ” at the start of a line, ' +
    'and anchors are not allowed',
};

/**
 * An inventory in YAML: a list of tracked keys. Rows that begin with `-` at the start of a line are
 * read one by one, so that nothing piles up; any other document at once.
 */
export function readYamlList(bytes: Buffer): KeyList {
  const first = startOfRows(bytes);
  return first === undefined ? readWhole(bytes) : readRows(bytes, first);
}

function readRows(bytes: Buffer, first: number): KeyList {
  const position = indexLines(bytes);
  const faults: Fault[] = [];
  const starts: number[] = [];
  return {
    each(take) {
      for (let start = first, end = first; start < bytes.length; start = end) {
        end = endOfRow(bytes, start);
        const row = starts.push(start) - 1;
        const read = readRow(bytes.toString('utf8', start, end), () => position(start));
        if (read.ok) take(read.row, row);
        else faults.push(...read.faults.map((fault) => ({ ...fault, path: [row] })));
        if (faults.length >= mostFaults) return;
      }
    },
    faults,
    locate: (row, path, aim) => {
      const start = starts[row];
      if (start === undefined) return fileStart;
      const text = bytes.toString('utf8', start, endOfRow(bytes, start));
      return locateInside(text, position(start), [0, ...path], aim);
    },
    name: (row, path) => [row, ...path],
  };
}

type RowRead =
  | { readonly ok: true; readonly row: unknown }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Nearly all rows are plain; what is not may still be right, and if not, its mistakes have places. */
function readRow(text: string, place: () => Position): RowRead {
  const plain = readPlainRow(text);
  if (plain !== undefined) return { ok: true, row: plain };
  if (text.length > mostBytes) {
    return {
      ok: false,
      faults: [{ ...place(), path: [], message: 'this key is longer than 8 MB' }],
    };
  }
  const read = readYaml(text, place());
  if (!read.ok) return read;
  const [row] = read.document.toValue() as unknown[];
  return { ok: true, row };
}

function readWhole(bytes: Buffer): KeyList {
  if (bytes.length > mostBytes) return unreadableList(tooLarge);
  const read = readYaml(bytes.toString('utf8'));
  if (!read.ok) return unreadableList(...read.faults);
  const { document } = read;
  const value = document.toValue();
  if (!Array.isArray(value)) return unreadableList(noList);
  return {
    each: (take) => value.forEach(take),
    faults: [],
    locate: (row, path, aim) => document.locate([row, ...path], aim),
    name: (row, path) => [row, ...path],
  };
}
