import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import { parseCheckpoint } from '../../../evidence/log/checkpoint.ts';
import { parseNote } from '../../../evidence/log/note.ts';
import type { StoredCheckpoint } from '../../log/checkpoints.ts';

/** The tree of the leaves that were read so far. */
interface GrowingTree {
  readonly size: number;
  root(): Buffer;
}

/** The roots that were signed, to be compared with a log as it grows. */
export interface SignedRoots {
  /** Compares the root that was signed over just these leaves, if there is one. */
  compare(tree: GrowingTree): void;
  /** Says which were wrong, at the end. */
  noteWrong(): void;
}

/** Notes checkpoints that cannot be read, or stand for more leaves than there are. */
export function createSignedRoots(
  notes: readonly StoredCheckpoint[],
  size: number,
  note: NoteDifference,
): SignedRoots {
  const roots = readRoots(notes, size, note);
  const wrong: number[] = [];
  let lastRight = 0;
  return {
    compare(tree) {
      const root = roots.get(tree.size);
      if (root === undefined) return;
      if (root.equals(tree.root())) lastRight = tree.size;
      else wrong.push(tree.size);
    },
    noteWrong() {
      // A changed leaf changes all later roots.
      const alone = wrong.filter((one) => one < lastRight);
      for (const one of alone) {
        note({ code: 'checkpoint', place: placeOfNote(one), is: 'one that was changed' });
      }
      const first = wrong.find((one) => one > lastRight);
      if (first === undefined) return;
      const is = `a leaf from ${lastRight} to ${first - 1} was changed together with its hash`;
      note({ code: 'checkpoint', place: placeOfNote(first), is });
    },
  };
}

export function placeOfNote(size: number): string {
  return `checkpoint ${size}`;
}

function readRoots(notes: readonly StoredCheckpoint[], size: number, note: NoteDifference) {
  const roots = new Map<number, Buffer>();
  for (const row of notes) {
    const root = readRoot(row);
    const where = { code: 'checkpoint', place: placeOfNote(row.size) } as const;
    if (root === undefined) note({ ...where, is: 'one that cannot be read' });
    else if (row.size > size)
      note({ ...where, was: `over ${row.size} leaves`, is: `over ${size}` });
    else roots.set(row.size, root);
  }
  return roots;
}

function readRoot(row: StoredCheckpoint): Buffer | undefined {
  try {
    const { size, root } = parseCheckpoint(parseNote(row.note, { mayBeUnsigned: true }).text);
    return size === row.size ? root : undefined;
  } catch {
    return undefined;
  }
}
