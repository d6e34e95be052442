import { sql } from 'kysely';
import type { NoteDifference, RecordDifference } from '../../evidence/differences/difference.ts';
import { batchRoot, sweepRoot } from '../../evidence/keys-root.ts';
import { type Manifest, nameObject } from '../../evidence/manifest.ts';
import { hashPack, type Pack } from '../../evidence/pack.ts';
import { readManifest, type SweepObjects } from '../log/read-manifest.ts';
import { verdictCode } from '../store/codes.ts';
import type { Records } from '../store/database.ts';
import { readPacks } from '../store/packs/read-packs.ts';
import { nameChangedKeys } from './changed-keys.ts';
import { addSuspect, type SuspectBatch } from './find-swapped.ts';
import type { ToldLeaf } from './log-story.ts';
import { checkBatchRows } from './rows/check-batch-rows.ts';

/** What the packs of a sweep hold. */
export interface PackCounts {
  keys: number;
  pass: number;
  fail: number;
  waived: number;
  unknown: number;
  partial: number;
}

/** A closed sweep, by its row and by its leaf. */
export interface ToldSweep {
  readonly id: number;
  readonly uuid: string;
  readonly leaf: ToldLeaf<'sweep-closed'>;
}

/** Which of the hashes that the tables keep are those that the leaf vouches for. */
interface Vouched {
  /** Of all that the manifest names. */
  readonly manifest: boolean;
  readonly lists: boolean;
  readonly roots: boolean;
}

/** Searching for a changed key takes a second a batch. */
const mostSearched = 50;

/**
 * Makes the evidence of a sweep anew from all that its packs hold and refer to, and compares it with
 * its leaf. Yields the number of keys of each batch. Returns what the packs count. Batches that
 * differ go to `suspects` too.
 */
export async function* checkPacks(
  db: Records,
  sweep: ToldSweep,
  suspects: SuspectBatch[],
  note: NoteDifference,
): AsyncGenerator<number, PackCounts> {
  const { id, uuid, leaf } = sweep;
  const where = { leaf: leaf.n, sweep: uuid };
  const objects = await readManifest(db, sweep);
  const vouched = whatIsVouched(objects, leaf);
  const stored = new Map(objects.manifest.batches.map((batch) => [batch.batch, batch]));
  const seed = Buffer.from(objects.manifest.seed, 'base64');
  const counts: PackCounts = { keys: 0, pass: 0, fail: 0, waived: 0, unknown: 0, partial: 0 };
  let found = 0;
  const count: NoteDifference = (difference) => {
    found += 1;
    note(difference);
  };
  for await (const pack of readPacks(db, id)) {
    const batch = stored.get(pack.batch);
    const root = vouched.roots && found < mostSearched ? batch?.keysRoot : undefined;
    const wrong = await comparePack(db, { pack, batch, root, seed, sweepRow: id }, where, count);
    if (wrong !== undefined) {
      addSuspect(suspects, { pack, seed, root: batch?.keysRoot, difference: wrong });
    }
    addCounts(counts, pack);
    yield pack.keys.length;
  }
  for (const place of await readEmptied(db, id)) count({ code: 'batch-gone', ...where, place });
  await checkBatchRows(db, id, where, note);
  const { manifest, lists } = vouched;
  if (!lists) count({ code: 'inventory', ...where });
  if (!manifest && found === 0) count({ code: 'evidence', ...where });
  return counts;
}

interface ComparedPack {
  readonly pack: Pack;
  /** What the manifest says of it. */
  readonly batch: Manifest['batches'][number] | undefined;
  /** Of its keys, in base64, if the leaf vouches for it and a changed key is worth a search. */
  readonly root: string | null | undefined;
  readonly seed: Uint8Array;
  readonly sweepRow: number;
}

/** Returns what it noted if it cannot tell which key was changed. */
async function comparePack(
  db: Records,
  { pack, batch, root, seed, sweepRow }: ComparedPack,
  where: { readonly leaf: number; readonly sweep: string },
  note: NoteDifference,
): Promise<RecordDifference | undefined> {
  const place = `batch ${pack.batch} of ${pack.source} (${pack.keys.length} keys)`;
  if (batch?.list !== Buffer.from(pack.listHash).toString('hex')) {
    note({ code: 'key-list', ...where, place });
    return undefined;
  }
  if (batch.pack === hashPack(pack).toString('hex')) return undefined;
  const known = root == null ? undefined : Buffer.from(root, 'base64');
  if (known !== undefined && !batchRoot(seed, pack).equals(known)) {
    const named = await nameChangedKeys(db, { pack, sweepRow, seed, root: known }, where, note);
    if (named) return undefined;
  }
  const difference = { code: 'batch', ...where, place } as const;
  note(difference);
  return difference;
}

function whatIsVouched(
  { manifest, manifestText, inventoryText }: SweepObjects,
  { event, subjects }: ToldLeaf<'sweep-closed'>,
): Vouched {
  const roots = manifest.batches.flatMap(({ keysRoot }) => keysRoot ?? []);
  const root = sweepRoot(roots.map((one) => Buffer.from(one, 'base64'))).toString('base64');
  return {
    manifest: nameObject(manifestText) === subjects.evidence,
    lists: nameObject(inventoryText) === subjects.inventory,
    roots: root === event.keysRoot,
  };
}

function addCounts(counts: PackCounts, { keys }: Pack): void {
  for (const { verdict, judgement } of keys) {
    counts.keys += 1;
    const word = words.find((one) => verdictCode(one) === verdict);
    if (word !== undefined) counts[word] += 1;
    const isUnjudged = judgement !== null && typeof judgement === 'object' && 'u' in judgement;
    if (word !== 'unknown' && isUnjudged) counts.partial += 1;
  }
}

const words = ['pass', 'fail', 'waived', 'unknown'] as const;

/** The batches whose pack is gone. */
async function readEmptied(db: Records, sweepRow: number): Promise<readonly string[]> {
  const { rows } = await sql<{ place: string }>`
    select 'batch ' || b.batch || ' of ' || b.source as place from keysweep.sweep_batch b
    where b.sweep_id = ${sweepRow} and not exists (
      select from keysweep.pack p where p.sweep_id = b.sweep_id and p.batch = b.batch
    ) order by b.batch
  `.execute(db);
  return rows.map(({ place }) => place);
}
