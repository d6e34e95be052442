import { sql } from 'kysely';
import { isEvent } from '../../evaluate/history/events.ts';
import type { Facts } from '../../evaluate/judgement.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { advanceFindings } from './advance-findings.ts';
import { alertFindings, readLatestSweep } from './alert-findings.ts';

/** Who acknowledges an event, and why. */
export interface Acknowledgement {
  /** The finding's fingerprint, or a beginning that no other finding shares. */
  readonly fingerprint: string;
  readonly by: string;
  readonly reason: string;
}

interface FindingRow {
  readonly id: number;
  readonly rule: string;
  readonly type: string;
  readonly state: 'open' | 'waived' | 'resolved';
  readonly resolution: string | null;
  readonly facts: Facts;
  readonly now: Date;
}

/**
 * Ends the finding of an event, plans the alerts about that, and returns them. A second
 * acknowledgement changes nothing. Throws `RequestRefused` if the finding does not exist, has ended
 * otherwise or follows a state, and if there is no sweep to alert it under.
 */
export async function acknowledgeFinding(
  database: Database,
  { fingerprint, by, reason }: Acknowledgement,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  return database.transact(async (tx) => {
    const finding = await lockFinding(tx, fingerprint);
    if (finding.resolution === 'acknowledged') return [];
    assertEvent(finding);
    const sweep = await readLatestSweep(tx);
    if (sweep === undefined) throw new RequestRefused('all sweeps are pruned; run one first');
    const outcome = { kind: 'acknowledged', rule: finding.rule } as const;
    const terms = { sweepRow: sweep, at: finding.now, note: { by, reason } };
    await advanceFindings(tx, [finding.id], outcome, terms);
    return alertFindings(tx, [finding.id], sweep, alerting);
  });
}

const shape = /^[0-9a-f]{8,64}$/;

async function lockFinding(tx: RecordsTransaction, fingerprint: string): Promise<FindingRow> {
  if (!shape.test(fingerprint)) {
    throw new RequestRefused('a fingerprint is 64 hexadecimal digits, or at least the first 8');
  }
  const found = await sql<FindingRow>`
    select id, rule, type, state, resolution, facts, clock_timestamp() as now from keysweep.finding
    where fingerprint like ${`${fingerprint}%`} order by id limit 2 for no key update
  `.execute(tx);
  const [finding, other] = found.rows;
  if (finding === undefined) {
    throw new RequestRefused('no finding has this fingerprint; keysweep findings lists them');
  }
  if (other === undefined) return finding;
  throw new RequestRefused('several findings have a fingerprint that begins so; give more of it');
}

function assertEvent({ type, state, resolution, facts }: FindingRow): void {
  if (state === 'resolved')
    throw new RequestRefused(`the finding has ended already: ${resolution}`);
  if (isEvent(type, facts)) return;
  throw new RequestRefused(
    type === 'impossible-metadata'
      ? 'the finding is not only an event: fields of the key contradict each other now, so mend these first'
      : `findings of type ${type} follow the key's state: they can only be mended or waived`,
  );
}
