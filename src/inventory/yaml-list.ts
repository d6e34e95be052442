import { readPath } from '../documents/describe-issues.ts';
import { type Fault, fileStart } from '../documents/mistake.ts';
import { readYaml, type YamlDocument } from '../documents/yaml-document.ts';
import { type KeyList, mostFaults, noList, unreadableList } from './key-list.ts';

/** An inventory in YAML: a list of tracked keys. */
export function readYamlList(bytes: Buffer): KeyList {
  const text = bytes.toString('utf8');
  const read = readYaml(text);
  if (!read.ok) return readByRow(text) ?? unreadableList(...read.faults);
  const { document } = read;
  const value = document.toValue();
  if (!Array.isArray(value)) return unreadableList(noList);
  return {
    each: (take) => value.forEach(take),
    faults: [],
    locate: (row, path, aim) => document.locate([row, ...path], aim),
    read: (row) => value[row],
    name: (row, path) => [row, ...path],
  };
}

/** An anchor, or a text that looks like one, such as `A &B`. */
const anchor = /(^|[\s,[{:])&\S/m;

/**
 * The YAML reader stops at the first mistake that breaks the text. To report the mistakes of all
 * rows, this reads rows that begin with `- ` at a line start one by one. Undefined without faults.
 */
function readByRow(text: string): KeyList | undefined {
  // A row may use an anchor of another row, so it cannot be read alone.
  if (anchor.test(text)) return undefined;
  const faults: Fault[] = [];
  const rows = new Map<number, YamlDocument>();
  let line = 1;
  let row = 0;
  for (const part of text.split(/(?<=\n)(?=-\s)/)) {
    if (/^-\s/.test(part)) {
      const read = readYaml(part, { line, column: 1 });
      if (read.ok) rows.set(row, read.document);
      else faults.push(...read.faults.map((fault) => ({ ...fault, path: [row] })));
      row++;
    }
    if (faults.length >= mostFaults) break;
    line += part.split('\n').length - 1;
  }
  return faults.length > 0 ? listOfRows(rows, faults) : undefined;
}

/** The rows that can be read alone; each document is a list of one row. */
function listOfRows(rows: ReadonlyMap<number, YamlDocument>, faults: readonly Fault[]): KeyList {
  const read = (row: number) => readPath(rows.get(row)?.toValue(), [0]);
  return {
    each(take) {
      for (const row of rows.keys()) take(read(row), row);
    },
    read,
    faults,
    locate: (row, path, aim) => rows.get(row)?.locate([0, ...path], aim) ?? fileStart,
    name: (row, path) => [row, ...path],
  };
}
