import { type Fault, fileStart, type Position } from '../documents/mistake.ts';
import { bytesInMemory } from '../documents/text-bytes.ts';
import { findJsonRows, type JsonRow } from './json-rows.ts';
import { type KeyList, noList, unreadableList } from './key-list.ts';
import { indexLines } from './line-index.ts';
import { createRowLocator } from './locate-inside.ts';

/** An inventory in JSON: a list of tracked keys. */
export function readJsonList(bytes: Buffer): KeyList {
  const position = indexLines(bytesInMemory(bytes));
  const text = bytes.toString('utf8');
  const parsed = parse(text);
  let found: readonly JsonRow[] | undefined;
  const rows = () => {
    found ??= findJsonRows(bytes);
    return found;
  };
  const document = { bytes, position, rows };
  if (!parsed.ok) {
    const place = position(placeOfBreak(document, text, parsed.message));
    const fault = { ...place, path: [], message: 'this is not valid JSON' };
    return listOf(document, readToBreak(document), [fault]);
  }
  const { value } = parsed;
  if (!Array.isArray(value)) return unreadableList(noList);
  const faults = repeatedKeys(text, value, rows).map(({ start, row }) => ({
    ...position(start),
    path: [row],
    message: 'one of its keys is given twice',
  }));
  return listOf(document, value, faults);
}

interface JsonDocument {
  readonly bytes: Buffer;
  readonly position: (offset: number) => Position;
  /** The entries of a list, found when they are first asked for. */
  readonly rows: () => readonly JsonRow[];
}

function listOf(
  { bytes, position, rows }: JsonDocument,
  values: readonly unknown[],
  faults: readonly Fault[],
): KeyList {
  // JSON is also YAML, and the YAML reader knows the position of every value.
  const locate = createRowLocator((row) => {
    const { start, end } = rows()[row] ?? { start: 0, end: 0 };
    return { text: bytes.toString('utf8', start, end), start: position(start) };
  });
  return {
    each: (take) => values.forEach(take),
    faults,
    locate: (row, path, aim) => (row in values ? locate(row, path, aim) : fileStart),
    read: (row) => values[row],
    name: (row, path) => [row, ...path],
  };
}

/** The rows of a broken list before the first that is not valid JSON; after it, quotes may mislead. */
function readToBreak({ bytes, rows }: JsonDocument): readonly unknown[] {
  if (!/^\s*\[/.test(bytes.toString('utf8', 0, 1024))) return [];
  const values: unknown[] = [];
  for (const { start, end } of rows()) {
    const row = parse(bytes.toString('utf8', start, end));
    if (!row.ok) break;
    values.push(row.value);
  }
  return values;
}

type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

function parse(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : '' };
  }
}

/**
 * The offset in bytes of a syntax mistake. V8 names the character for some mistakes only. For the
 * others, this is the start of the first row that is not valid JSON, or the end of the text.
 */
function placeOfBreak({ bytes, rows }: JsonDocument, text: string, message: string): number {
  const end = trimmedEnd(bytes);
  const character = /at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
  if (character !== undefined) {
    return Math.min(Buffer.byteLength(text.slice(0, Number(character))), end);
  }
  if (!/^Unexpected token/.test(message)) return end;
  const isBroken = (row: JsonRow) => !parse(bytes.toString('utf8', row.start, row.end)).ok;
  return rows().find(isBroken)?.start ?? 0;
}

/** The end of the text without white space at its end: where a text that is too short breaks. */
function trimmedEnd(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) <= 0x20) end--;
  return end;
}

/**
 * The rows in which a key is written twice: the parser silently drops the first. Rows are examined
 * one by one only if more keys seem to be written than were parsed.
 */
function repeatedKeys(text: string, value: readonly unknown[], rows: () => readonly JsonRow[]) {
  const parsed = value.map(countKeys);
  const total = parsed.reduce((sum, count) => sum + count, 0);
  if (countMatches(text, /"\s*:/g) === total) return [];
  return rows()
    .map(({ start, keys }, row) => ({ start, row, isRepeated: keys > (parsed[row] ?? 0) }))
    .filter(({ isRepeated }) => isRepeated);
}

function countKeys(value: unknown): number {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? Object.keys(value).length : 0;
}

function countMatches(text: string, pattern: RegExp): number {
  let count = 0;
  while (pattern.exec(text) !== null) count++;
  return count;
}
