import { sql } from 'kysely';
import type { ClosedSweepLeaf } from '../../evidence/sweeps/closed-sweeps.ts';
import type { Records } from '../store/database.ts';

/** A sweep of the log whose row is there. `id`: that row. */
export interface ExportedSweep {
  readonly id: number;
  readonly leaf: ClosedSweepLeaf;
}

/** A pack has nothing of a sweep whose row is gone. */
export async function findSweepRows(
  db: Records,
  leaves: readonly ClosedSweepLeaf[],
): Promise<readonly ExportedSweep[]> {
  const uuids = leaves.map(({ event }) => event.sweep);
  const { rows } = await sql<{ id: number; uuid: string }>`
    select id, uuid::text as uuid from keysweep.sweep where uuid = any (${uuids}::uuid[])
  `.execute(db);
  const ids = new Map(rows.map(({ id, uuid }) => [uuid, id]));
  return leaves.flatMap((leaf) => {
    const id = ids.get(leaf.event.sweep);
    return id === undefined ? [] : [{ id, leaf }];
  });
}
