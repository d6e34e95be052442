import { type Fault, fileStart } from '../config/mistake.ts';
import { readYaml } from '../config/yaml-document.ts';
import { type KeyList, mostFaults, noList, unreadableList } from './key-list.ts';
import { indexLines } from './line-index.ts';
import { locateInside, shift } from './locate-inside.ts';
import { readPlainRow } from './yaml-plain-row.ts';
import { endOfRow, startOfRows } from './yaml-rows.ts';

/** The reader that knows all of YAML takes 100 µs a key, and 60 bytes for each of text. */
const mostBytes = 8 * 1024 * 1024;

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
  const refuse = (row: number, start: number, found: readonly Fault[]) => {
    for (const { message, ...place } of found) {
      faults.push({ ...shift(place, position(start)), path: [row], message });
    }
  };
  return {
    each(take) {
      for (let start = first, end = first; start < bytes.length; start = end) {
        end = endOfRow(bytes, start);
        const row = starts.push(start) - 1;
        const read = readRow(bytes.toString('utf8', start, end));
        if (read.ok) take(read.row, row);
        else refuse(row, start, read.faults);
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
function readRow(text: string): RowRead {
  const plain = readPlainRow(text);
  if (plain !== undefined) return { ok: true, row: plain };
  if (text.length > mostBytes) return tooLarge('this key is longer than 8 MB');
  const read = readYaml(text);
  if (!read.ok) return read;
  const [row] = read.document.toValue() as unknown[];
  return { ok: true, row };
}

function tooLarge(message: string) {
  return { ok: false, faults: [{ ...fileStart, path: [], message }] } as const;
}

function readWhole(bytes: Buffer): KeyList {
  if (bytes.length > mostBytes) {
    const message =
      'is larger than 8 MB: then each key must begin with “- ” at the start of a line, ' +
      'and anchors are not allowed';
    return unreadableList(...tooLarge(message).faults);
  }
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
