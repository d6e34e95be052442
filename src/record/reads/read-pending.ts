import { sql } from 'kysely';
import type { UnknownReason } from '../../keys/observation.ts';
import { reasonOf } from '../store/codes.ts';
import type { Database } from '../store/database.ts';

/** The keys that a sweep waits for, by the reason of their last failure, and its deadline. */
export interface PendingKeys {
  readonly deadlineAt: Date;
  /** Most keys first. A null reason: no attempt has ended yet, or the source is paused. */
  readonly reasons: readonly { readonly reason: UnknownReason | null; readonly keys: number }[];
}

/** The keys that the sweep of a request waits for; undefined if there is no sweep (yet). */
export async function readPending(
  database: Database,
  requestId: string,
): Promise<PendingKeys | undefined> {
  const found = await sql<{ deadlineAt: Date; reason: number | null; keys: number }>`
    select s.deadline_at as "deadlineAt", p.reason, p.keys
    from keysweep.request r join keysweep.sweep s on s.id = r.sweep_id
    cross join lateral (
      select sum(b.pending)::integer as pending from keysweep.sweep_batch b where b.sweep_id = s.id
    ) b
    cross join lateral (
      with failed as (
        select k.reason, count(*)::integer as keys from keysweep.key_result k
        where k.sweep_id = s.id and k.verdict is null and k.reason is not null group by k.reason
      )
      select * from failed
      union all
      select null, greatest(b.pending - (select coalesce(sum(keys), 0) from failed), 0)::integer
    ) p
    where r.id = ${requestId}::uuid order by p.keys desc, p.reason
  `.execute(database.db);
  const [first] = found.rows;
  if (first === undefined) return undefined;
  const reasons = found.rows
    .filter(({ keys }) => keys > 0)
    .map(({ reason, keys }) => ({ reason: reasonOf(reason) ?? null, keys }));
  return { deadlineAt: first.deadlineAt, reasons };
}
