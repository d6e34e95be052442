import { sql } from 'kysely';
import type { NumberedLeaf } from '../../evidence/leaves/numbered-leaf.ts';
import { nameObject } from '../../evidence/manifest.ts';
import { isWithin, type Period } from '../../evidence/period.ts';
import { listSweeps } from '../../evidence/sweeps/closed-sweeps.ts';
import { readManifest } from '../log/read-manifest.ts';
import type { Records } from '../store/database.ts';
import type { PackPlace } from '../store/packs/read-packs.ts';
import { type ExportedSweep, findSweepRows } from './find-sweep-rows.ts';
import { readParsedLeaves } from './read-parsed-leaves.ts';

/** What a pack is about. */
export interface ExportedPeriod extends Period {
  /** The source and the id of the only key that it shows; null: all. */
  readonly only: readonly [source: string, keyId: string] | null;
}

/** Where the bytes of an object come from. */
export type ObjectPlace =
  | { readonly kind: 'manifest' | 'inventory'; readonly sweepRow: number; readonly uuid: string }
  | { readonly kind: 'kept' | 'policy' | 'seals'; readonly name: string }
  | ({ readonly kind: 'pack' } & PackPlace);

/** What a pack will hold. Nothing of it is read yet but hashes. */
export interface GatheredExport {
  /** All of the log, as far as they can be read. */
  readonly leaves: readonly NumberedLeaf[];
  readonly sweeps: readonly ExportedSweep[];
  /** By name. */
  readonly objects: ReadonlyMap<string, ObjectPlace>;
  /** The row of each key list, by its hash. */
  readonly lists: ReadonlyMap<string, number>;
  /** The rows of what vendors said, ascending. */
  readonly contents: readonly number[];
}

/** Plans a pack of the first `size` leaves. */
export async function gatherExport(
  db: Records,
  size: number,
  period: ExportedPeriod,
): Promise<GatheredExport> {
  const leaves = await readParsedLeaves(db, size);
  const sweeps = await findSweepRows(db, listSweeps(leaves, period));
  const objects = new Map<string, ObjectPlace>();
  for (const { leaf } of sweeps) addObject(objects, leaf.subjects.policy, 'policy');
  if (period.only !== null) return { leaves, sweeps, objects, lists: new Map(), contents: [] };
  const [lists, contents] = [new Map<string, number>(), new Set<number>()];
  for (const sweep of sweeps) await addSweep(db, sweep, { objects, lists, contents });
  addOthers(leaves, period, objects);
  return { leaves, sweeps, objects, lists, contents: [...contents].sort((one, two) => one - two) };
}

interface Gathering {
  readonly objects: Map<string, ObjectPlace>;
  readonly lists: Map<string, number>;
  readonly contents: Set<number>;
}

async function addSweep(
  db: Records,
  { id, leaf: { event, subjects } }: ExportedSweep,
  { objects, lists, contents }: Gathering,
): Promise<void> {
  const uuid = event.sweep;
  const { manifest, manifestText } = await readManifest(db, { id, uuid });
  const own = { sweepRow: id, uuid };
  objects.set(subjects.evidence ?? nameObject(manifestText), { kind: 'manifest', ...own });
  if (subjects.inventory !== undefined) {
    objects.set(subjects.inventory, { kind: 'inventory', ...own });
  }
  addObject(objects, subjects.changes, 'kept');
  for (const { batch, pack } of manifest.batches) {
    objects.set(pack, { kind: 'pack', sweepRow: id, batch });
  }
  const { rows: listed } = await sql<{ id: number; hash: string }>`
    select distinct l.id, encode(l.hash, 'hex') as hash
    from keysweep.sweep_batch b join keysweep.key_list l on l.id = b.list_id
    where b.sweep_id = ${id}
  `.execute(db);
  for (const list of listed) lists.set(list.hash, list.id);
  const { rows: said } = await sql<{ row: number }>`
    select distinct o as row
    from keysweep.pack p cross join lateral unnest(p.observation_ids) as o
    where p.sweep_id = ${id} and o is not null
  `.execute(db);
  for (const { row } of said) contents.add(row);
}

/** The objects of leaves that close no sweep: those that were written in the period. */
function addOthers(
  leaves: readonly NumberedLeaf[],
  period: Period,
  objects: Map<string, ObjectPlace>,
): void {
  for (const { at, event, subjects } of leaves) {
    if (event.event === 'sweep-closed' || !isWithin(period, at)) continue;
    addObject(objects, subjects.seals, 'seals');
    addObject(objects, subjects.review, 'kept');
    addObject(objects, subjects.decisions, 'kept');
  }
}

function addObject(
  objects: Map<string, ObjectPlace>,
  name: string | undefined,
  kind: 'kept' | 'policy' | 'seals',
): void {
  if (name !== undefined) objects.set(name, { kind, name });
}
