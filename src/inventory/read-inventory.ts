import { extname } from 'node:path';
import { fileStart, type Mistake, toMistake } from '../documents/mistake.ts';
import { readBytes } from '../documents/read-text.ts';
import { checkRows, type RowsContext } from './check-rows.ts';
import { saveAgain } from './csv/csv-heading.ts';
import { readCsvList } from './csv/csv-list.ts';
import { decodeSpreadsheet } from './csv/decode-spreadsheet.ts';
import { createDamageWatch } from './damage-watch.ts';
import { readJsonList } from './json-list.ts';
import { createKeyKeeper } from './keep-keys.ts';
import type { KeyList } from './key-list.ts';
import type { ListedKeys } from './listed-keys.ts';
import { createRegister } from './register.ts';
import { readYamlList } from './yaml-list.ts';

interface Format {
  readonly read: (bytes: Buffer) => KeyList;
  readonly mostBytes: number;
  readonly decode?: (bytes: Buffer) => Buffer;
  /** What to do about a file that is too large, and about one that is not text. */
  readonly instead?: string;
  readonly again?: string;
}

const megabyte = 1024 * 1024;
/** The YAML reader takes 100 µs per key, and 90 bytes of memory per byte of text. */
const yaml = {
  read: readYamlList,
  mostBytes: 8 * megabyte,
  instead: 'write a list of this size as CSV or JSON',
};

/** By the extension of the file. */
const formats: Readonly<Record<string, Format>> = {
  '.csv': {
    read: readCsvList,
    mostBytes: 256 * megabyte,
    decode: decodeSpreadsheet,
    again: saveAgain,
  },
  '.json': { read: readJsonList, mostBytes: 256 * megabyte },
  '.yaml': yaml,
  '.yml': yaml,
};

export interface InventoryRead {
  readonly keys: ListedKeys;
  readonly mistakes: readonly Mistake[];
  /** Files without keys and without faults, by their place in the list. */
  readonly empty: readonly number[];
  /** Lines about ids and owners that a spreadsheet seems to have changed. */
  readonly warnings: readonly string[];
  /** Files that could not be opened, by their place in the list, and why. */
  readonly unreadable: ReadonlyMap<number, string>;
}

/**
 * Reads the tracked keys of all inventory files, in order, with all mistakes. `sources` are the ids
 * that keys may name; if it is undefined, any id is accepted.
 */
export async function readInventory(
  files: readonly string[],
  { sources, cwd }: { sources: ReadonlySet<string> | undefined; cwd: string },
): Promise<InventoryRead> {
  const context = { sources, cwd, register: createRegister() };
  const watch = createDamageWatch();
  const keeper = createKeyKeeper();
  const mistakes: Mistake[] = [];
  const empty: number[] = [];
  const unreadable = new Map<number, string>();
  for (const [place, file] of files.entries()) {
    const list = await openList(file);
    if (typeof list === 'string') {
      unreadable.set(place, list);
      continue;
    }
    context.register.open(file, list);
    const look = watch.open(file, list);
    const take: RowsContext['take'] = (key, row) => {
      keeper.add(key);
      look(key, row);
    };
    const checked = checkRows(list, { ...context, take });
    if (checked.rows === 0 && checked.faults.length === 0) empty.push(place);
    for (const fault of checked.faults) mistakes.push(toMistake(fault, file, cwd));
  }
  mistakes.push(...wholeEmpty(files, empty, cwd));
  return { keys: keeper.end(), mistakes, empty, unreadable, warnings: watch.warnings(cwd) };
}

/** One file may be empty. A whole empty inventory is a mistake: it would pass every audit. */
function wholeEmpty(files: readonly string[], empty: readonly number[], cwd: string): Mistake[] {
  if (empty.length < files.length) return [];
  const fault = { ...fileStart, path: [], message: 'holds no keys' };
  return files.map((file) => toMistake(fault, file, cwd));
}

/** The list in a file, or why there is none. */
async function openList(file: string): Promise<KeyList | string> {
  const format = formats[extname(file).toLowerCase()];
  if (format === undefined) return 'must end in .csv, .yaml, .yml or .json';
  const { mostBytes, decode } = format;
  const read = await readBytes(file, mostBytes, decode);
  if (read.ok) return format.read(read.bytes);
  const mend = { size: format.instead, text: format.again, access: undefined }[read.fault];
  const why = `cannot be read: ${read.why}`;
  return mend === undefined ? why : `${why}; ${mend}`;
}
