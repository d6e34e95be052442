import type { Path, Position } from '../documents/mistake.ts';
import { readYaml } from '../documents/yaml-document.ts';

/** Where something stands in a file, from the text of the row that holds it and the row's place. */
export function locateInside(
  text: string,
  start: Position,
  path: Path,
  aim?: 'key' | 'value',
): Position {
  const read = readYaml(text, start);
  return read.ok ? read.document.locate(path, aim) : start;
}
