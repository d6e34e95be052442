import type { Position } from '../documents/mistake.ts';
import type { KeyList } from './key-list.ts';

/** The keys seen in all files, with the first place of each. */
export interface Register {
  /** Assigns the next rows to this file. */
  open(file: string, list: KeyList): void;
  /** Enters a key; if it was entered before, returns the file and position of the first entry. */
  enter(source: string, keyId: string, row: number): (Position & { file: string }) | undefined;
}

export function createRegister(): Register {
  // One number per key instead of an object: there may be a million keys and few are repeated.
  const rowsOf = new Map<string, Map<string, number>>();
  const files: { file: string; list: KeyList; first: number }[] = [];
  let next = 0;

  const placeOf = (seen: number) => {
    const holder = files.findLast(({ first }) => first <= seen);
    if (holder === undefined) return undefined;
    const position = holder.list.locate(seen - holder.first, ['keyId']);
    return { ...position, file: holder.file };
  };
  return {
    open(file, list) {
      files.push({ file, list, first: next });
    },
    enter(source, keyId, row) {
      const rows = rowsOf.get(source) ?? new Map<string, number>();
      rowsOf.set(source, rows);
      const seen = rows.get(keyId);
      if (seen !== undefined) return placeOf(seen);
      const number = (files.at(-1)?.first ?? 0) + row;
      rows.set(keyId, number);
      next = number + 1;
      return undefined;
    },
  };
}
