import type { RecordDifference } from '../../evidence/differences/difference.ts';
import { batchRoot } from '../../evidence/keys-root.ts';
import type { Pack } from '../../evidence/pack.ts';

/** A batch that differs from what the log says. */
export interface SuspectBatch {
  readonly pack: Pack;
  readonly seed: Uint8Array;
  /** The root that its row has, in base64; somebody may have swapped that too. */
  readonly root: string | null | undefined;
  readonly difference: RecordDifference;
}

/** Each is compared with each. */
const mostSuspects = 32;

export function addSuspect(suspects: SuspectBatch[], suspect: SuspectBatch): void {
  if (suspects.length < mostSuspects) suspects.push(suspect);
}

/**
 * The batches whose evidence now stands at another batch, by the difference that was noted, each with
 * one that says where it stands.
 */
export function findSwapped(
  suspects: readonly SuspectBatch[],
): ReadonlyMap<RecordDifference, RecordDifference> {
  const found = new Map<RecordDifference, RecordDifference>();
  for (const one of suspects) {
    const other = suspects.find((it) => it !== one && standsAt(one, it));
    if (other === undefined) continue;
    const { leaf, sweep, place } = other.difference;
    const is = `at leaf ${leaf}, sweep ${sweep}, ${place}`;
    found.set(one.difference, { ...one.difference, code: 'batch-swapped', is });
  }
  return found;
}

/** Whether what the other batch holds makes the root of this one. */
function standsAt({ pack, seed, root }: SuspectBatch, other: SuspectBatch): boolean {
  const { source } = pack;
  if (other.pack.keys.length !== pack.keys.length) return false;
  const keys = other.pack.keys.map((key, n) => {
    const { keyId, entryHash } = pack.keys[n] ?? key;
    return { ...key, keyId, entryHash };
  });
  const made = batchRoot(seed, { source, keys }).toString('base64');
  return made === root || made === other.root;
}

/** Sweeps whose rows stand for each other: one line a pair. */
export function findSwappedSweeps(
  misplaced: ReadonlyMap<number, number>,
  sweepOf: (leaf: number) => string | undefined,
): readonly RecordDifference[] {
  return [...misplaced].flatMap(([leaf, other]) => {
    if (leaf > other || misplaced.get(other) !== leaf) return [];
    const is = `that of leaf ${other}, sweep ${sweepOf(other)}, and the other way round`;
    return [{ code: 'sweep-swapped' as const, leaf, sweep: sweepOf(leaf), is }];
  });
}
