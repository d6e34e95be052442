import { fileStart, type Path } from '../config/mistake.ts';
import { readYaml } from '../config/yaml-document.ts';
import { type KeyList, unreadableList } from './key-list.ts';

/** An inventory in YAML: a list of tracked keys. */
export function readYamlList(text: string): KeyList {
  const read = readYaml(text);
  if (!read.ok) return unreadableList(...read.faults);

  const rows = read.document.toValue();
  if (!Array.isArray(rows)) {
    return unreadableList({ ...fileStart, path: [], message: 'must be a list of keys' });
  }
  return {
    rows,
    faults: [],
    locate: (row, path, aim) => read.document.locate([row, ...path], aim),
    name: (row: number, path: Path) => [row, ...path],
  };
}
