import { readYaml } from '../config/yaml-document.ts';
import { type KeyList, listOf, unreadableList } from './key-list.ts';

/** An inventory in YAML: a list of tracked keys. */
export function readYamlList(bytes: Buffer): KeyList {
  const read = readYaml(bytes.toString('utf8'));
  if (!read.ok) return unreadableList(...read.faults);
  const { document } = read;
  return listOf(document.toValue(), [], (row, path, aim) => document.locate([row, ...path], aim));
}
