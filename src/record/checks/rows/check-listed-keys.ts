import { sql } from 'kysely';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import type { Records } from '../../store/database.ts';

interface WrongKey {
  readonly source: string;
  readonly keyId: string;
  readonly sweep: string;
  /** The number of an inventory entry; null where the key is not tracked. */
  readonly was: number | null;
  readonly is: number | null;
}

const mostNamed = 1_000;

/**
 * Compares which keys are tracked, and what the inventory says of them, with the lists of the newest
 * full sweep: whoever opens a sweep takes the inventory over, and tells the log of it for a full one.
 * So nothing is compared if another sweep was opened since.
 */
export async function checkListedKeys(db: Records, note: NoteDifference): Promise<void> {
  const { rows } = await sql<WrongKey>`
    with newest as materialized (
      select id, uuid, opened_at from keysweep.sweep
      where scope = 'full' and not simulated order by id desc limit 1
    ), alone as materialized (
      select w.* from newest w
      where not exists (select from keysweep.sweep s where s.id > w.id)
        and (select mirrored_at from keysweep.inventory) <= w.opened_at
    ), listed as materialized (
      select n.key_id, n.entry_id from alone w
      join keysweep.sweep_batch b on b.sweep_id = w.id
      join keysweep.key_list l on l.id = b.list_id
      cross join lateral unnest(l.key_ids, l.entry_ids) as n (key_id, entry_id)
    )
    select k.source, k.key_id as "keyId", w.uuid as sweep, n.entry_id as was,
      case when k.untracked_at is null then k.entry_id end as "is"
    from alone w
    cross join keysweep.tracked_key k
    left join listed n on n.key_id = k.id
    where n.entry_id is distinct from case when k.untracked_at is null then k.entry_id end
    order by k.source, k.key_id limit ${mostNamed}
  `.execute(db);
  for (const { source, keyId, sweep, was, is } of rows) {
    const where = { code: 'key', source, keyId, sweep, place: 'its newest state' } as const;
    const isTracked = was !== null && is !== null;
    const words = isTracked ? [`entry ${was}`, `entry ${is}`] : [was, is].map(saysWhether);
    const field = isTracked ? 'what the inventory says now' : 'tracked';
    note({ ...where, field, was: words[0], is: words[1] });
  }
}

function saysWhether(entry: number | null): string {
  return entry === null ? 'no' : 'yes';
}
