import type { Fault, Path, Position } from '../config/mistake.ts';
import { readYaml } from '../config/yaml-document.ts';
import { type Element, scanElements } from './json-scan.ts';
import { type KeyList, listOf, unreadableList } from './key-list.ts';
import { indexLines } from './line-index.ts';

/** An inventory in JSON: a list of tracked keys. */
export function readJsonList(bytes: Buffer): KeyList {
  const position = indexLines(bytes);
  const parsed = parse(bytes, position);
  if (!parsed.ok) return unreadableList(parsed.fault);

  const elements = scanElements(bytes);
  const faults = repeatedKeys(parsed.value, elements, position);
  return listOf(parsed.value, faults, (row, path, aim) =>
    locate(bytes, elements[row], position, path, aim),
  );
}

type Parsed = { ok: true; value: unknown } | { ok: false; fault: Fault };

function parse(bytes: Buffer, position: (offset: number) => Position): Parsed {
  const text = bytes.toString('utf8');
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    // V8 says “at position 12” (in characters) for some faults only.
    const told = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const offset =
      told === undefined ? brokenElement(bytes) : Buffer.byteLength(text.slice(0, Number(told)));
    return {
      ok: false,
      fault: { ...position(offset), path: [], message: 'this is not valid JSON' },
    };
  }
}

/** Where the first element stands that is no JSON by itself; else the text ends too early. */
function brokenElement(bytes: Buffer): number {
  const broken = scanElements(bytes).find(({ start, end }) => {
    try {
      JSON.parse(bytes.toString('utf8', start, end));
      return false;
    } catch {
      return true;
    }
  });
  return broken?.start ?? Buffer.byteLength(bytes.toString('utf8').trimEnd());
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
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject || Object.keys(value).length === keys) return [];
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
