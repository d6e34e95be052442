import { sql } from 'kysely';
import { planRecovered } from '../../alert/plan-notices.ts';
import { alertEvents, readAlertContext } from '../outbox/alert-events.ts';
import type { Alerting } from '../outbox/alerting.ts';
import { pendingFindingsOf, readPendingEvents } from '../outbox/pending-events.ts';
import { type WrittenAlert, writeAlerts } from '../outbox/write-alerts.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { endHolding } from './hold-changes.ts';

/**
 * Tells the changes of a sweep that were held back, because somebody says so. Returns the alerts.
 * Throws `RequestRefused` for a sweep that is not there, or of which nothing is held.
 */
export async function releaseSweep(
  database: Database,
  sweepId: string,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  return database.transact(async (tx) => {
    const id = await lockHeld(tx, sweepId);
    await sql`
      select count(*) from (
        select from keysweep.finding f where f.id in (${pendingFindingsOf(id)})
        order by f.id for no key update of f
      ) held
    `.execute(tx);
    await endHolding(tx, [{ id }], 'released');
    const context = await readAlertContext(tx, id);
    if (context === undefined) throw new RequestRefused('the sweep is still open');
    const alerted = await alertEvents(
      tx,
      await readPendingEvents(tx, pendingFindingsOf(id)),
      context,
      alerting,
    );
    const { sweep, coverage, now: at } = context;
    const said = { sweep, coverage, anomaly: sweepId, how: 'released', withdrawn: 0 } as const;
    const writing = { sweepId: id, destinations: alerting, at };
    return [...alerted, ...(await writeAlerts(tx, planRecovered(said, alerting), writing))];
  });
}

const howEnded = {
  released: 'it was released before',
  confirmed: 'a later sweep found the same, and told it',
  withdrawn: 'it has gone back to what it was, as a later sweep found',
} as const;

async function lockHeld(tx: RecordsTransaction, sweepId: string): Promise<number> {
  const found = await sql<{ id: number; held: 'held' | keyof typeof howEnded | null }>`
    select id, held from keysweep.sweep where uuid::text = ${sweepId} for update
  `.execute(tx);
  const sweep = found.rows[0];
  if (sweep === undefined) throw new RequestRefused(`there is no sweep ${sweepId}`);
  if (sweep.held === 'held') return sweep.id;
  const why = sweep.held === null ? 'nothing of it was' : howEnded[sweep.held];
  throw new RequestRefused(`nothing of sweep ${sweepId} is held back: ${why}`);
}
