import { sql } from 'kysely';
import type { LogEvent } from '../../../src/evidence/leaves/events.ts';
import { type Leaf, parseLeaf } from '../../../src/evidence/leaves/leaf.ts';
import { nameObject } from '../../../src/evidence/manifest.ts';
import type { Database } from '../../../src/record/store/database.ts';

export const nameOf = nameObject;

/** A leaf and its place. */
export type PlacedLeaf = Leaf & { readonly n: number };

/** All leaves in their order, each read strictly. */
export async function readLeaves({ db }: Database): Promise<readonly PlacedLeaf[]> {
  const { rows } = await sql<{ n: number; body: string }>`
    select n::integer as n, body from keysweep.log_leaf order by log_leaf.n
  `.execute(db);
  return rows.map(({ n, body }) => ({ n, ...parseLeaf(body) }));
}

/** The one leaf of an event that names the sweep. */
export async function leafOf(
  database: Database,
  event: LogEvent['event'],
  sweep: string,
): Promise<PlacedLeaf> {
  const leaves = (await readLeaves(database)).filter(
    (leaf) => leaf.event.event === event && 'sweep' in leaf.event && leaf.event.sweep === sweep,
  );
  const [leaf, ...others] = leaves;
  if (leaf === undefined || others.length > 0) {
    throw new Error(`${leaves.length} ${event} leaves name sweep ${sweep}`);
  }
  return leaf;
}
