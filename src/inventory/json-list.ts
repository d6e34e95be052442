import type { Fault, Path, Position } from '../config/mistake.ts';
import { readYaml } from '../config/yaml-document.ts';
import { type Element, scanElements } from './json-scan.ts';
import { type KeyList, listOf, unreadableList } from './key-list.ts';
import { indexLines } from './line-index.ts';

/** An inventory in JSON: a list of tracked keys. */
export function readJsonList(bytes: Buffer): KeyList {
  const position = indexLines(bytes);
  const parsed = parse(bytes.toString('utf8'), position);
  if (!parsed.ok) return unreadableList(parsed.fault);

  const elements = scanElements(bytes);
  const faults = repeatedKeys(parsed.value, elements, position);
  return listOf(parsed.value, faults, (row, path, aim) =>
    locate(bytes, elements[row], position, path, aim),
  );
}

type Parsed = { ok: true; value: unknown } | { ok: false; fault: Fault };

function parse(text: string, position: (offset: number) => Position): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    // V8 says “at position 12”, or nothing where the text ends too early.
    const found = /at position (\d+)/.exec(error instanceof Error ? error.message : '');
    const before = found === null ? text : text.slice(0, Number(found[1]));
    const at = position(Buffer.byteLength(before.trimEnd() === '' ? '' : before));
    return { ok: false, fault: { ...at, path: [], message: 'this is not valid JSON' } };
  }
}

/** Of a key that stands twice the parser drops the first without a word. */
function repeatedKeys(
  rows: unknown,
  elements: readonly Element[],
  position: (offset: number) => Position,
): Fault[] {
  if (!Array.isArray(rows)) return [];
  return elements.flatMap(({ start, keys }, row) => {
    const value: unknown = rows[row];
    const kept = typeof value === 'object' && value !== null ? Object.keys(value).length : keys;
    if (keys === kept) return [];
    return [{ ...position(start), path: [row], message: 'one of its keys is given twice' }];
  });
}

function locate(
  bytes: Buffer,
  element: Element | undefined,
  position: (offset: number) => Position,
  path: Path,
  aim?: 'key' | 'value',
): Position {
  const start = position(element?.start ?? 0);
  // One element is small, and JSON is YAML too: its reader knows where everything stands.
  const read = readYaml(bytes.toString('utf8', element?.start, element?.end));
  if (!read.ok) return start;
  const inside = read.document.locate(path, aim);
  return inside.line === 1
    ? { line: start.line, column: start.column + inside.column - 1 }
    : { line: start.line + inside.line - 1, column: inside.column };
}
