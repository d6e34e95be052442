import { sql } from 'kysely';
import { isEvent } from '../../evaluate/history/events.ts';
import type { Facts } from '../../evaluate/judgement.ts';
import type { Acknowledgement } from '../../report/model.ts';
import type { Known } from '../../report/people/named-person.ts';
import { absentId } from '../../text/id-beginning.ts';
import { appendLeaf } from '../log/append-leaf.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { findFinding } from '../store/find-by-beginning.ts';
import {
  type AcknowledgementColumns,
  acknowledgementColumns,
  joinAcknowledgement,
  toAcknowledgement,
} from '../store/findings/acknowledgements.ts';
import { lockFindings } from '../store/findings/lock-findings.ts';
import { lastFacts } from '../store/findings/sightings.ts';
import { advanceFindings } from './advance-findings.ts';
import { alertFindings, readLatestSweep } from './alert-findings.ts';

/** Who acknowledges an event, and why. */
export interface AcknowledgementRequest {
  /** The finding's fingerprint, or a beginning that no other finding shares. */
  readonly fingerprint: string;
  readonly by: string;
  /** A name in the request that nobody has checked. */
  readonly asserted?: string | null;
  readonly known: Known;
  /** What the provider says of who signed in there. */
  readonly subject?: string | null;
  readonly mail?: string | null;
  readonly reason: string;
}

/** How the finding of an event ended, and the alerts about that. */
export interface AcknowledgedFinding {
  readonly fingerprint: string;
  /** Who was first. */
  readonly acknowledgement: Acknowledgement;
  /** Whether it had been acknowledged before. */
  readonly before: boolean;
  readonly alerts: readonly WrittenAlert[];
}

interface FindingRow extends AcknowledgementColumns {
  readonly id: number;
  readonly fingerprint: string;
  readonly source: string;
  readonly key_text: string;
  readonly rule: string;
  readonly type: string;
  readonly state: 'open' | 'waived' | 'resolved';
  readonly resolution: string | null;
  readonly facts: Facts;
  readonly now: Date;
}

/**
 * Ends the finding of an event, and plans the alerts about that. A second acknowledgement changes
 * nothing. Throws `RequestRefused` if the finding does not exist, has ended
 * otherwise or follows a state, and if there is no sweep to alert it under.
 */
export async function acknowledgeFinding(
  database: Database,
  request: AcknowledgementRequest,
  alerting: Alerting,
): Promise<AcknowledgedFinding> {
  return database.transact(async (tx) => {
    const finding = await lockFinding(tx, request.fingerprint);
    const { fingerprint, now: at } = finding;
    const first = toAcknowledgement(finding);
    if (first !== null) return { fingerprint, acknowledgement: first, before: true, alerts: [] };
    assertEvent(finding);
    const sweep = await readLatestSweep(tx);
    if (sweep === undefined) throw new RequestRefused('all sweeps are pruned; run one first');
    const outcome = { kind: 'acknowledged', rule: finding.rule } as const;
    const note = noteOf(request);
    const terms = { sweepRow: sweep, at, note };
    await advanceFindings(tx, [finding.id], outcome, terms);
    const alerts = await alertFindings(tx, [finding.id], sweep, alerting);
    const { source, key_text: keyId, rule } = finding;
    await appendLeaf(tx, {
      ...{ event: 'acknowledged', finding: fingerprint, source, keyId, rule },
      ...whoOf(request),
    });
    return { fingerprint, acknowledgement: { ...note, at }, before: false, alerts };
  });
}

/** What is kept with the event. */
function noteOf({ by, asserted, known, subject, mail, reason }: AcknowledgementRequest) {
  return {
    by,
    ...(asserted == null ? {} : { asserted }),
    known,
    ...(subject == null ? {} : { subject }),
    ...(mail == null ? {} : { mail }),
    reason,
  };
}

/** What the evidence log says of whoever acknowledged it. */
function whoOf({ by, asserted, known, subject, mail, reason }: AcknowledgementRequest) {
  const given = { asserted: asserted ?? null, subject: subject ?? null, mail: mail ?? null };
  return { by, known, ...given, reason };
}

async function lockFinding(tx: RecordsTransaction, beginning: string): Promise<FindingRow> {
  const row = await findFinding(tx, beginning);
  // A statement that waits for a lock would still read the sightings of before.
  await lockFindings(tx, sql`f.id = ${row ?? null}`);
  const found = await sql<FindingRow>`
    select f.id, f.fingerprint, f.source, f.key_text, f.rule, f.type, f.state, f.resolution,
      ${lastFacts} as facts, clock_timestamp() as now, ${acknowledgementColumns}
    from keysweep.finding f join keysweep.tracked_key k on k.id = f.key_id
    ${joinAcknowledgement}
    where f.id = ${row ?? null}
  `.execute(tx);
  const finding = found.rows[0];
  if (finding === undefined) throw new RequestRefused(absentId('finding', beginning));
  return finding;
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
