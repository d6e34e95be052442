import { type Fault, fileStart } from '../documents/mistake.ts';
import { type Element, eachElement, startOfList } from './json-scan.ts';
import { type KeyList, noList, unreadableList } from './key-list.ts';
import { indexLines } from './line-index.ts';
import { locateInside } from './locate-inside.ts';

/** An inventory in JSON: a list of tracked keys. Each is parsed by itself, so none piles up. */
export function readJsonList(bytes: Buffer): KeyList {
  const position = indexLines(bytes);
  const invalid = (offset: number): Fault => ({
    ...position(offset),
    path: [],
    message: 'this is not valid JSON',
  });
  const first = startOfList(bytes);
  if (first === undefined) {
    const parsed = parse(bytes, 0, bytes.length);
    return unreadableList(parsed.ok ? noList : invalid(parsed.offset));
  }
  const faults: Fault[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  return {
    each(take) {
      const stray = eachElement(bytes, first, (element) => {
        const { start, end } = element;
        const parsed = parse(bytes, start, end);
        if (!parsed.ok) {
          faults.push(invalid(parsed.offset));
          return false;
        }
        ends.push(end);
        const row = starts.push(start) - 1;
        if (hasRepeatedKey(parsed.value, element)) {
          const message = 'one of its keys is given twice';
          faults.push({ ...position(start), path: [row], message });
        }
        take(parsed.value, row);
        return true;
      });
      if (stray !== undefined) {
        faults.push(invalid(stray < bytes.length ? stray : trimmedEnd(bytes)));
      }
    },
    faults,
    locate: (row, path, aim) => {
      const start = starts[row];
      if (start === undefined) return fileStart;
      // JSON is YAML too: its reader knows where everything stands.
      return locateInside(bytes.toString('utf8', start, ends[row]), position(start), path, aim);
    },
    name: (row, path) => [row, ...path],
  };
}

type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly offset: number };

function parse(bytes: Buffer, start: number, end: number): Parsed {
  const text = bytes.toString('utf8', start, end);
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    // V8 says “at position 12” (in characters) for some faults only.
    const told = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    if (told !== undefined) {
      return { ok: false, offset: start + Buffer.byteLength(text.slice(0, Number(told))) };
    }
    return { ok: false, offset: end === bytes.length ? trimmedEnd(bytes) : start };
  }
}

/** Where a text ends that ends too early. */
function trimmedEnd(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) <= 0x20) end--;
  return end;
}

/** Of a key that stands twice the parser drops the first without a word. */
function hasRepeatedKey(value: unknown, { keys }: Element): boolean {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.keys(value).length !== keys;
}
