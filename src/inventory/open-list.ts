import { extname } from 'node:path';
import { type OpenedText, openText } from '../documents/open-text.ts';
import { type BytesRead, type FileRead, readBytes } from '../documents/read-text.ts';
import { bytesInMemory } from '../documents/text-bytes.ts';
import { saveAgain } from './csv/csv-heading.ts';
import { readCsvList } from './csv/csv-list.ts';
import { decodeSpreadsheet } from './csv/decode-spreadsheet.ts';
import { readJsonList } from './json-list.ts';
import type { KeyList } from './key-list.ts';
import { readYamlList } from './yaml-list.ts';

/** A list in a file. `text`: the file stays open, because it is read while the list is. */
export interface OpenedList {
  readonly list: KeyList;
  readonly text?: OpenedText;
}

interface Format {
  open(file: string): Promise<FileRead<OpenedList>>;
  /** What to do about a file that is too large, and about one that is not text. */
  readonly instead?: string;
  readonly again?: string;
}

const megabyte = 1024 * 1024;
const mostBytes = 256 * megabyte;
/** The YAML reader takes 100 µs per key, and 90 bytes of memory per byte of text. */
const yaml: Format = {
  open: async (file) => toList(await readBytes(file, 8 * megabyte), readYamlList),
  instead: 'write a list of this size as CSV or JSON',
};

/** By the extension of the file. */
const formats: Readonly<Record<string, Format>> = {
  '.csv': { open: openCsv, again: saveAgain },
  '.json': { open: async (file) => toList(await readBytes(file, mostBytes), readJsonList) },
  '.yaml': yaml,
  '.yml': yaml,
};

/** The list in a file, or why there is none. */
export async function openList(file: string): Promise<OpenedList | string> {
  const format = formats[extname(file).toLowerCase()];
  if (format === undefined) return 'must end in .csv, .yaml, .yml or .json';
  const opened = await format.open(file);
  if (opened.ok) return opened;
  const mends = { size: format.instead, text: format.again, absent: undefined, access: undefined };
  const mend = mends[opened.fault];
  const why = `cannot be read: ${opened.why}`;
  return mend === undefined ? why : `${why}; ${mend}`;
}

async function openCsv(file: string): Promise<FileRead<OpenedList>> {
  const opened = await openText(file, mostBytes);
  if (opened === 'other') {
    const read = await readBytes(file, mostBytes, decodeSpreadsheet);
    return toList(read, (bytes) => readCsvList(bytesInMemory(bytes)));
  }
  return opened.ok ? { ok: true, list: readCsvList(opened.text), text: opened.text } : opened;
}

function toList(read: BytesRead, readList: (bytes: Buffer) => KeyList): FileRead<OpenedList> {
  return read.ok ? { ok: true, list: readList(read.bytes) } : read;
}
