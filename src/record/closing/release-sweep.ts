import { sql } from 'kysely';
import { absentId } from '../../text/id-beginning.ts';
import { readAlertContext, writeSteps } from '../outbox/alert-events.ts';
import type { Alerting } from '../outbox/alerting.ts';
import { pendingEventsOf, pendingFindingsOf } from '../outbox/pending-events.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { findSweep } from '../store/find-by-beginning.ts';
import { lockFindings } from '../store/findings/lock-findings.ts';
import { planRelease } from './plan-change-alerts.ts';
import { endHolding } from './write-holding.ts';

/**
 * Writes the alerts for the changes of a sweep that were held, because somebody releases them.
 * `beginning`: of the sweep's id. Returns the alerts. Throws `RequestRefused` for a sweep that does
 * not exist or is not held.
 */
export async function releaseSweep(
  database: Database,
  beginning: string,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  return database.transactLong(async (tx) => {
    const id = await lockHeld(tx, beginning);
    const findings = pendingFindingsOf(id);
    await lockFindings(tx, sql`f.id in (${findings})`);
    const context = await readAlertContext(tx, id);
    if (context === undefined) throw new RequestRefused('the sweep is still open');
    await endHolding(tx, [{ id }], 'released');
    const steps = planRelease(context, alerting);
    return writeSteps(tx, steps, pendingEventsOf(findings, [id]), alerting);
  });
}

const howEnded = {
  released: 'it was released before',
  confirmed: 'a later sweep found the same changes, and alerts were sent',
  withdrawn: 'a later sweep found that they went back',
} as const;

async function lockHeld(tx: RecordsTransaction, beginning: string): Promise<number> {
  const named = await findSweep(tx, beginning);
  if (named === undefined) throw new RequestRefused(absentId('sweep', beginning));
  const found = await sql<{ id: number; held: 'held' | keyof typeof howEnded | null }>`
    select id, held from keysweep.sweep where id = ${named.row} for update
  `.execute(tx);
  const sweep = found.rows[0];
  if (sweep === undefined) throw new RequestRefused(`there is no sweep ${named.id}`);
  if (sweep.held === 'held') return sweep.id;
  const why = sweep.held === null ? 'it never was' : howEnded[sweep.held];
  throw new RequestRefused(`sweep ${named.id} is not held: ${why}`);
}
