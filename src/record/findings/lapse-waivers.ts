import { sql } from 'kysely';
import { logExpiredWaivers } from '../log/log-inputs.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { advanceFindings } from './advance-findings.ts';
import { alertFindings, readLatestSweep } from './alert-findings.ts';

/** PGlite blocks the process while a statement runs. */
const mostAtOnce = 1_000;
/** The rest waits for the next minute. */
const mostTimes = 20;

/**
 * Tells the log of waivers that have expired, opens their findings, and plans the alerts about that. Findings that another
 * transaction has locked wait for the next call. Returns the alerts.
 */
export async function lapseWaivers(
  database: Database,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  await logExpiredWaivers(database);
  const alerts: WrittenAlert[] = [];
  for (let time = 0; time < mostTimes; time += 1) {
    const { lapsed, planned } = await database.transact((tx) => lapseSome(tx, alerting));
    alerts.push(...planned);
    if (lapsed < mostAtOnce) break;
  }
  return alerts;
}

async function lapseSome(tx: RecordsTransaction, alerting: Alerting) {
  const due = await sql<{ id: number; now: Date }>`
    select id, now() as now from keysweep.finding
    where state = 'waived' and waived_until <= now()
    order by id limit ${mostAtOnce} for no key update skip locked
  `.execute(tx);
  const ids = due.rows.map(({ id }) => id);
  const at = due.rows[0]?.now;
  const sweepRow = at === undefined ? undefined : await readLatestSweep(tx);
  if (at === undefined || sweepRow === undefined) return { lapsed: 0, planned: [] };
  await advanceFindings(tx, ids, { kind: 'lapsed', at }, { sweepRow, at });
  return { lapsed: ids.length, planned: await alertFindings(tx, ids, sweepRow, alerting) };
}
