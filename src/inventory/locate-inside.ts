import type { Path, Position } from '../config/mistake.ts';
import { readYaml } from '../config/yaml-document.ts';

/** Where something stands in a file, from the text of the row that holds it and the row's place. */
export function locateInside(
  text: string,
  start: Position,
  path: Path,
  aim?: 'key' | 'value',
): Position {
  const read = readYaml(text);
  return read.ok ? shift(read.document.locate(path, aim), start) : start;
}

/** A place in a row as a place in the file. */
export function shift({ line, column }: Position, start: Position): Position {
  return line === 1
    ? { line: start.line, column: start.column + column - 1 }
    : { line: start.line + line - 1, column };
}
