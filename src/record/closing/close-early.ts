import { sql } from 'kysely';
import type { StoppedSweep } from '../../report/model.ts';
import { renderInstant } from '../../report/render-instant.ts';
import { absentId } from '../../text/id-beginning.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { Database } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { findSweep, type NamedSweep } from '../store/find-by-beginning.ts';
import { closeSweep } from './close-sweep.ts';

interface SweepEnd {
  readonly status: StoppedSweep['status'] | null;
  readonly closed_at: Date | null;
  readonly stopped_at: Date | null;
  readonly tracked: number;
  readonly unknown: number;
}

/**
 * Closes a running sweep: its pending keys become unknown, and workers that still have one can no
 * longer write. A second stop changes nothing. `beginning`: of the sweep's id. Returns the sweep as
 * it ended, and the alerts that this caused. Throws `RequestRefused` if there is no such sweep, or
 * if it had closed by itself.
 */
export async function closeEarly(
  database: Database,
  beginning: string,
  alerting: Alerting,
): Promise<{ readonly stopped: StoppedSweep; readonly alerts: readonly WrittenAlert[] }> {
  const named = await findSweep(database.db, beginning);
  if (named === undefined) throw new RequestRefused(absentId('sweep', beginning));
  const before = await readEnd(database, named);
  if (before.closed_at !== null && before.stopped_at === null) refuseClosed(named, before);
  // Written first: if this process dies now, `reconcile` closes the sweep.
  await sql`
    update keysweep.sweep set stopped_at = clock_timestamp()
    where id = ${named.row} and closed_at is null and stopped_at is null
  `.execute(database.db);
  const closed = await closeSweep(database, named.id, alerting);
  const end = await readEnd(database, named);
  if (end.status === null || end.closed_at === null) {
    throw new RequestRefused(`sweep ${named.id} cannot be closed yet; keysweep start closes it`);
  }
  if (end.stopped_at === null) refuseClosed(named, end);
  const { status, closed_at: closedAt, tracked, unknown } = end;
  return {
    stopped: {
      sweep: named.id,
      status,
      closedAt,
      tracked,
      unknown,
      before: before.closed_at !== null,
    },
    alerts: closed?.alerts ?? [],
  };
}

async function readEnd(database: Database, { row }: NamedSweep): Promise<SweepEnd> {
  const found = await sql<SweepEnd>`
    select status, closed_at, stopped_at, tracked, unknown from keysweep.sweep where id = ${row}
  `.execute(database.db);
  const end = found.rows[0];
  if (end === undefined) throw new RequestRefused('the sweep was pruned');
  return end;
}

function refuseClosed({ id }: NamedSweep, { closed_at, status }: SweepEnd): never {
  const when = closed_at === null ? '' : ` at ${renderInstant(closed_at)}`;
  throw new RequestRefused(`sweep ${id} closed${when} as ${status}: there is nothing to stop`);
}
