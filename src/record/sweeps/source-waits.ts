import { sql } from 'kysely';
import type { UnknownReason } from '../../keys/observation.ts';
import { reasonCode, reasonOf } from '../store/codes.ts';
import type { Database } from '../store/database.ts';

/** Why a source is not asked now, and how long a batch waits before it looks again. */
export interface SourceAway {
  readonly reason: UnknownReason;
  readonly detail: string;
  readonly retryInMs: number;
}

/**
 * Whether a worker may ask a source. `probe`: it asked us to stay away, and this worker alone tries
 * it with one key. `away`: nobody asks now.
 */
export type SourceAdmission =
  | { readonly kind: 'open' }
  | { readonly kind: 'probe' | 'away'; readonly away: SourceAway };

interface WaitRow {
  readonly reason: number;
  readonly detail: string;
  readonly inMs: number;
  readonly probes: boolean;
}

/** `probeMs`: how long a probe may take before another worker tries. */
export async function admitToSource(
  database: Database,
  source: string,
  probeMs: number,
): Promise<SourceAdmission> {
  const found = await sql<WaitRow>`
    with probing as (
      update keysweep.source_wait
      set probe_at = clock_timestamp() + ${probeMs} * interval '1 millisecond'
      where source = ${source} and probe_at <= clock_timestamp()
      returning source
    )
    select reason, detail, exists (select from probing) as probes,
      (extract(epoch from probe_at - clock_timestamp()) * 1000)::float8 as "inMs"
    from keysweep.source_wait where source = ${source}
  `.execute(database.db);
  const [wait] = found.rows;
  if (wait === undefined) return { kind: 'open' };
  const reason = reasonOf(wait.reason) ?? 'rate-limited';
  // Less than nothing: another worker probes since this moment.
  const retryInMs = wait.inMs > 0 ? wait.inMs : probeMs;
  const away = { reason, detail: wait.detail, retryInMs };
  return { kind: wait.probes ? 'probe' : 'away', away };
}

/** What a source asked for: to stay away for `awayMs`; it is probed after `probeInMs`. */
export interface SourceWait {
  readonly awayMs: number;
  readonly probeInMs: number;
  readonly reason: UnknownReason;
  readonly detail: string;
}

/** A wait that ends this much later than the known one is another wait. */
const sameMs = 60_000;

/** Keeps the wait for all workers. Returns its end if it is new, so that one worker logs it. */
export async function keepSourceWait(
  database: Database,
  source: string,
  { awayMs, probeInMs, reason, detail }: SourceWait,
): Promise<Date | undefined> {
  const kept = await sql<{ until: Date; before: Date | null }>`
    insert into keysweep.source_wait as w (source, until, probe_at, reason, detail)
    values (${source}, clock_timestamp() + ${awayMs} * interval '1 millisecond',
      clock_timestamp() + ${probeInMs} * interval '1 millisecond', ${reasonCode(reason)}, ${detail})
    on conflict (source) do update set until = excluded.until, probe_at = excluded.probe_at,
      reason = excluded.reason, detail = excluded.detail
    returning until,
      (select until from keysweep.source_wait where source = ${source}) as before
  `.execute(database.db);
  const [row] = kept.rows;
  if (row === undefined) return undefined;
  const { until, before } = row;
  const moved = before === null || Math.abs(until.getTime() - before.getTime()) > sameMs;
  return moved ? until : undefined;
}

/** The source answers again. */
export async function endSourceWait(database: Database, source: string): Promise<void> {
  await database.db.deleteFrom('source_wait').where('source', '=', source).execute();
}
