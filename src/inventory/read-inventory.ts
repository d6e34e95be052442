import { fileStart, type Mistake, toMistake } from '../documents/mistake.ts';
import { checkRows, type RowsContext } from './check-rows.ts';
import { createDamageWatch } from './damage-watch.ts';
import { createKeyKeeper } from './keep-keys.ts';
import type { ListedKeys } from './listed-keys.ts';
import { type OpenedList, openList } from './open-list.ts';
import { createRegister } from './register.ts';

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

interface Terms {
  /** The ids of sources that keys may name; if it is undefined, any id is accepted. */
  readonly sources: ReadonlySet<string> | undefined;
  readonly cwd: string;
}

/** How often files that change meanwhile are read. */
const mostReadings = 3;

/** Reads the tracked keys of all inventory files, in order, with all mistakes. */
export async function readInventory(
  files: readonly string[],
  terms: Terms,
): Promise<InventoryRead> {
  for (let readings = 1; ; readings += 1) {
    const opened: (OpenedList | string)[] = [];
    try {
      for (const file of files) opened.push(await openList(file));
      const read = await readLists(files, opened, terms);
      const changed = listChanged(opened);
      if (changed.length === 0) return read;
      if (readings === mostReadings) return refuseChanged(read, changed);
      read.keys.drop();
    } finally {
      await closeAll(opened);
    }
  }
}

/** The places of files that were changed since they were opened. */
function listChanged(opened: readonly (OpenedList | string)[]): readonly number[] {
  return opened.flatMap((one, place) => {
    const hasChanged = typeof one !== 'string' && one.text?.hasChanged() === true;
    return hasChanged ? [place] : [];
  });
}

async function closeAll(opened: readonly (OpenedList | string)[]): Promise<void> {
  for (const one of opened) if (typeof one !== 'string') await one.text?.close();
}

/** What was read may be a part of one version and a part of another. */
function refuseChanged(read: InventoryRead, changed: readonly number[]): InventoryRead {
  const why = 'cannot be read: it changes while it is read';
  const unreadable = new Map([
    ...read.unreadable,
    ...changed.map((place) => [place, why] as const),
  ]);
  return { ...read, unreadable };
}

async function readLists(
  files: readonly string[],
  opened: readonly (OpenedList | string)[],
  { sources, cwd }: Terms,
): Promise<InventoryRead> {
  const context = { sources, cwd, register: createRegister() };
  const watch = createDamageWatch();
  const keeper = createKeyKeeper();
  const mistakes: Mistake[] = [];
  const empty: number[] = [];
  const unreadable = new Map<number, string>();
  for (const [place, file] of files.entries()) {
    const found = opened[place] ?? '';
    if (typeof found === 'string') {
      unreadable.set(place, found);
      continue;
    }
    const { list } = found;
    context.register.open(file, list);
    const look = watch.open(file, list);
    const take: RowsContext['take'] = (key, row) => {
      keeper.add(key);
      look(key, row);
    };
    const checked = await checkRows(list, { ...context, take });
    if (checked.isEmpty && checked.faults.length === 0) empty.push(place);
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
