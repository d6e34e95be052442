import { sql } from 'kysely';
import type { Database } from '../store/database.ts';

/** A source that asked us to stay away, as far as it concerns a sweep. */
export interface AwaySource {
  readonly source: string;
  /** ISO 8601: when the source is to be asked again, at most the sweep's deadline. */
  readonly until: string;
  readonly inMs: number;
  /** The source asked for more time than the sweep has. */
  readonly pastDeadline: boolean;
  readonly probeInMs: number;
}

/** Keys without an answer that are asked again. `keyId`: one of those that are next. */
export interface AskedAgain {
  readonly keys: number;
  readonly inMs: number;
  readonly keyId: string;
  readonly reason: string;
  readonly detail: string;
}

/** What an open sweep waits for. */
export interface SweepWaits {
  readonly away: readonly AwaySource[];
  readonly askedAgain: AskedAgain | null;
}

/** `sweepId`: the uuid of an open sweep. */
export async function readWaits(database: Database, sweepId: string): Promise<SweepWaits> {
  const away = await sql<Omit<AwaySource, 'until'> & { until: Date }>`
    select w.source, least(w.until, s.deadline_at) as until, w.until > s.deadline_at as "pastDeadline",
      ${msUntil(sql`least(w.until, s.deadline_at)`)} as "inMs", ${msUntil(sql`w.probe_at`)} as "probeInMs"
    from keysweep.source_wait w join keysweep.sweep s on s.uuid = ${sweepId}::uuid
    where w.until > clock_timestamp() and exists (
      select from keysweep.sweep_batch b
      where b.sweep_id = s.id and b.source = w.source and b.done_at is null
    )
    order by w.source
  `.execute(database.db);
  const again = await sql<AskedAgain>`
    select (sum(b.pending) over ())::integer as keys, ${msUntil(sql`b.asked_again_at`)} as "inMs",
      b.waits_for->>'keyId' as "keyId", b.waits_for->>'reason' as reason,
      b.waits_for->>'detail' as detail
    from keysweep.sweep_batch b join keysweep.sweep s on s.id = b.sweep_id
    where s.uuid = ${sweepId}::uuid and b.done_at is null and b.waits_for is not null
      and b.leased_until is null
    order by b.asked_again_at, b.batch limit 1
  `.execute(database.db);
  return {
    away: away.rows.map((row) => ({ ...row, until: row.until.toISOString() })),
    askedAgain: again.rows[0] ?? null,
  };
}

function msUntil(instant: ReturnType<typeof sql>) {
  return sql`(extract(epoch from ${instant} - clock_timestamp()) * 1000)::float8`;
}
