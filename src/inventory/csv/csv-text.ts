import { setImmediate as breathe } from 'node:timers/promises';
import type { TextBytes } from '../../documents/text-bytes.ts';
import type { Dialect } from './csv-dialect.ts';
import {
  type BrokenRow,
  type CsvRow,
  eachCsvRow,
  type RowsRead,
  readCsvRow,
  type TakeRow,
} from './csv-row.ts';

/** A part of a text that is read in some milliseconds. */
const usualPart = 256 * 1024;
/** Longer than any row that can be read. */
const longestPart = 1024 * 1024;

/**
 * As `eachCsvRow`, a part of the text at a time. A row that the end of a part cuts is read again at
 * the beginning of a part. If it is cut there too, it is long; if even the longest part cuts it, it
 * is too long or broken, and only the rest of the text can tell.
 */
export async function eachRowOfText(
  text: TextBytes,
  { start, delimiter }: Pick<Dialect, 'start' | 'delimiter'>,
  take: TakeRow,
  part = usualPart,
): Promise<BrokenRow | undefined> {
  const reading = { text, delimiter, take, part };
  for (let at = start; at < text.length; ) {
    const { next, broken } = readFrom(reading, at);
    if (broken !== undefined) return { ...broken, start: at + broken.start };
    // Nothing is left of a file that became shorter.
    if (next === 0) return undefined;
    at += next;
    await breathe();
  }
  return undefined;
}

interface Reading {
  readonly text: TextBytes;
  readonly delimiter: string;
  readonly take: TakeRow;
  readonly part: number;
}

/** Reads one row or more; its places count from `at`. */
function readFrom(reading: Reading, at: number): RowsRead {
  let read = readPart(reading, at, reading.part);
  for (const longer of [longestPart, reading.text.length]) {
    if (read.next > 0 || read.broken !== undefined) break;
    read = readPart(reading, at, longer);
  }
  return read;
}

function readPart({ text, delimiter, take }: Reading, at: number, length: number): RowsRead {
  const goesOn = at + length < text.length;
  const takeHere: TakeRow = (cells, offset) => take(cells, at + offset);
  return eachCsvRow(text.slice(at, at + length), { start: 0, delimiter, goesOn }, takeHere);
}

/** Most rows are shorter. */
const shortPart = 4 * 1024;

/**
 * The row at an offset of the text, or what is wrong with it. The offsets of its cells, and its end,
 * count from there.
 */
export function readRowAt(text: TextBytes, start: number, delimiter: string): CsvRow | string {
  const some = readCsvRow(text.slice(start, start + shortPart), 0, delimiter);
  const isWhole = typeof some !== 'string' && some.end <= shortPart;
  return isWhole ? some : readCsvRow(text.slice(start, start + longestPart), 0, delimiter);
}
