import { sql } from 'kysely';
import { nameObject } from '../../evidence/manifest.ts';
import { isInPeriod } from '../checks/check-records.ts';
import { addLeaf, createLogStory, type LogStory, type ToldLeaf } from '../checks/log-story.ts';
import { readManifest } from '../log/read-manifest.ts';
import type { Records } from '../store/database.ts';
import type { PackPlace } from '../store/packs/read-packs.ts';
import { readParsedLeaves } from './read-parsed-leaves.ts';

/** What a pack is about. */
export interface ExportedPeriod {
  readonly from: Date;
  /** And before this instant. */
  readonly to: Date;
  /** The source and the id of the only key that it shows; null: all. */
  readonly only: readonly [source: string, keyId: string] | null;
}

/** Where the bytes of an object come from. */
export type ObjectPlace =
  | { readonly kind: 'manifest' | 'inventory'; readonly sweepRow: number; readonly uuid: string }
  | { readonly kind: 'kept' | 'policy' | 'seals'; readonly name: string }
  | ({ readonly kind: 'pack' } & PackPlace);

/** A sweep of the period whose row is there. */
export interface ExportedSweep {
  readonly id: number;
  readonly leaf: ToldLeaf<'sweep-closed'>;
}

/** What a pack will hold. Nothing of it is read yet but hashes. */
export interface GatheredExport {
  readonly size: number;
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
  const story = await readStory(db, size);
  const leaves = [...story.sweeps.values()].filter((leaf) => isInPeriod(leaf, period));
  const sweeps: ExportedSweep[] = [];
  for (const leaf of leaves) {
    const id = await findRow(db, leaf.event.sweep);
    if (id !== undefined) sweeps.push({ id, leaf });
  }
  const objects = new Map<string, ObjectPlace>();
  for (const { leaf } of sweeps) addObject(objects, leaf.subjects.policy, 'policy');
  if (period.only !== null) return { size, sweeps, objects, lists: new Map(), contents: [] };
  const [lists, contents] = [new Map<string, number>(), new Set<number>()];
  for (const sweep of sweeps) await addSweep(db, sweep, { objects, lists, contents });
  await addOthers(db, size, period, objects);
  return { size, sweeps, objects, lists, contents: [...contents].sort((one, two) => one - two) };
}

async function readStory(db: Records, size: number): Promise<LogStory> {
  const story = createLogStory();
  for await (const leaf of readParsedLeaves(db, size)) addLeaf(story, leaf.n, leaf);
  return story;
}

async function findRow(db: Records, uuid: string): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    select id from keysweep.sweep where uuid = ${uuid}::uuid
  `.execute(db);
  return rows[0]?.id;
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
async function addOthers(
  db: Records,
  size: number,
  { from, to }: ExportedPeriod,
  objects: Map<string, ObjectPlace>,
): Promise<void> {
  for await (const { at, event, subjects } of readParsedLeaves(db, size)) {
    if (event.event === 'sweep-closed' || at < from || at >= to) continue;
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
