import type { Path, Position } from '../documents/mistake.ts';
import { readYaml, type YamlDocument } from '../documents/yaml-document.ts';

interface RowText {
  readonly text: string;
  readonly start: Position;
}

/** The YAML reader takes 90 bytes of memory per byte of text: longer rows give only their start. */
const longestRow = 1024 * 1024;

/** Locates a part of a row in its file. Reads a row once for all its mistakes. */
export function createRowLocator(textOf: (row: number) => RowText) {
  let last: { row: number; start: Position; document: YamlDocument | undefined } | undefined;

  const read = (row: number) => {
    const { text, start } = textOf(row);
    const parsed = text.length > longestRow ? undefined : readYaml(text, start);
    return { row, start, document: parsed?.ok ? parsed.document : undefined };
  };
  return (row: number, path: Path, aim?: 'key' | 'value'): Position => {
    if (last?.row !== row) last = read(row);
    return last.document?.locate(path, aim) ?? last.start;
  };
}
