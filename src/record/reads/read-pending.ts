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
    select s.deadline_at as "deadlineAt", k.reason, count(k.key_id)::integer as keys
    from keysweep.request r join keysweep.sweep s on s.id = r.sweep_id
      left join keysweep.sweep_key k on k.sweep_id = s.id and k.verdict is null
    where r.id = ${requestId}::uuid
    group by s.deadline_at, k.reason order by keys desc, k.reason
  `.execute(database.db);
  const [first] = found.rows;
  if (first === undefined) return undefined;
  const reasons = found.rows
    .filter(({ keys }) => keys > 0)
    .map(({ reason, keys }) => ({ reason: reasonOf(reason) ?? null, keys }));
  return { deadlineAt: first.deadlineAt, reasons };
}
