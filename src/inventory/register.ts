import { readPath } from '../documents/describe-issues.ts';
import type { Position } from '../documents/mistake.ts';
import type { KeyList } from './key-list.ts';
import { createSeenPlaces, hashTexts } from './seen-places.ts';

/** The keys seen in all files, with the first place of each. */
export interface Register {
  /** Assigns the next rows to this file. */
  open(file: string, list: KeyList): void;
  /** Enters a key; if it was entered before, returns the file and position of the first entry. */
  enter(source: string, keyId: string, row: number): (Position & { file: string }) | undefined;
}

interface OpenedFile {
  readonly file: string;
  readonly list: KeyList;
  readonly first: number;
}

/**
 * Keeps no ids, because there may be a million keys and few are repeated: a key whose hash was seen
 * before is compared with the row in its file.
 */
export function createRegister(hash: typeof hashTexts = hashTexts): Register {
  const seen = createSeenPlaces();
  const files: OpenedFile[] = [];
  let next = 0;

  const find = (place: number) => files.findLast(({ first }) => first <= place);
  const holds = (place: number, source: string, keyId: string) => {
    const holder = find(place);
    const row = holder?.list.read(place - holder.first);
    return readPath(row, ['source']) === source && readPath(row, ['keyId']) === keyId;
  };
  return {
    open(file, list) {
      files.push({ file, list, first: next });
    },
    enter(source, keyId, row) {
      const place = (files.at(-1)?.first ?? 0) + row;
      const isSame = (other: number) => holds(other, source, keyId);
      const before = seen.findOrAdd(hash([source, keyId]), place, isSame);
      if (before === undefined) {
        next = place + 1;
        return undefined;
      }
      const holder = find(before);
      return (
        holder && { ...holder.list.locate(before - holder.first, ['keyId']), file: holder.file }
      );
    },
  };
}
