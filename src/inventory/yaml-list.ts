import type { Fault } from '../documents/mistake.ts';
import { readYaml } from '../documents/yaml-document.ts';
import { type KeyList, mostFaults, noList, unreadableList } from './key-list.ts';

/** An inventory in YAML: a list of tracked keys. */
export function readYamlList(bytes: Buffer): KeyList {
  const text = bytes.toString('utf8');
  const read = readYaml(text);
  if (!read.ok) return unreadableList(...(faultsByRow(text) ?? read.faults));
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

/**
 * The YAML reader stops at the first mistake that breaks the text. To report the mistakes of all
 * rows, this reads rows that begin with `- ` at a line start one by one. Undefined without faults.
 */
function faultsByRow(text: string): readonly Fault[] | undefined {
  // A row may use an anchor of another row, so it cannot be read alone.
  if (text.includes('&')) return undefined;
  const faults: Fault[] = [];
  let line = 1;
  let row = 0;
  for (const part of text.split(/(?<=\n)(?=-\s)/)) {
    if (/^-\s/.test(part)) {
      const read = readYaml(part, { line, column: 1 });
      if (!read.ok) faults.push(...read.faults.map((fault) => ({ ...fault, path: [row] })));
      row++;
    }
    if (faults.length >= mostFaults) break;
    line += part.split('\n').length - 1;
  }
  return faults.length > 0 ? faults : undefined;
}
