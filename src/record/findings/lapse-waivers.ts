import { sql } from 'kysely';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { alertFindings, readLatestSweep } from './alert-findings.ts';

/** PGlite blocks the process while a statement runs. */
const mostAtOnce = 1_000;
/** What is left after so many times is for the next minute. */
const mostTimes = 20;

/**
 * Opens findings whose waiver's day is over, and plans the alerts that say so. Those that another
 * transaction works on are left for the next call. Returns the alerts.
 */
export async function lapseWaivers(
  database: Database,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  const alerts: WrittenAlert[] = [];
  for (let time = 0; time < mostTimes; time += 1) {
    const { lapsed, told } = await database.transact((tx) => lapseSome(tx, alerting));
    alerts.push(...told);
    if (lapsed < mostAtOnce) break;
  }
  return alerts;
}

async function lapseSome(tx: RecordsTransaction, alerting: Alerting) {
  const due = await sql<{ id: number }>`
    select id from keysweep.finding
    where state = 'waived' and waived_until <= clock_timestamp()
    order by id limit ${mostAtOnce} for no key update skip locked
  `.execute(tx);
  const ids = due.rows.map(({ id }) => id);
  const sweep = ids.length === 0 ? undefined : await readLatestSweep(tx);
  if (sweep === undefined) return { lapsed: 0, told: [] };
  await sql`
    insert into keysweep.finding_event (finding_id, sweep_id, kind, was, note, facts)
    select id, ${sweep}, 'lapsed', 'waived',
      jsonb_build_object('waiver', waiver->>'id', 'reason', waiver->>'reason',
        'cause', 'expired'), facts
    from keysweep.finding where id = any (${ids}::integer[]) order by id
  `.execute(tx);
  await sql`
    update keysweep.finding set state = 'open', waiver = null, waived_until = null
    where id = any (${ids}::integer[])
  `.execute(tx);
  return { lapsed: ids.length, told: await alertFindings(tx, ids, sweep, alerting) };
}
