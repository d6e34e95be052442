import { type RawBuilder, sql } from 'kysely';
import type { AlertFinding, Lapse } from '../../alert/message.ts';
import type { PendingEvent } from '../../alert/plan/plan-alerts.ts';
import type { FindingType } from '../../evaluate/history/finding-type.ts';
import type { Facts } from '../../evaluate/judgement.ts';
import { messageOf } from '../../evaluate/messages.ts';
import type { Severity } from '../../evaluate/policy/policy.ts';
import { type AlertedDetails, toAlertedDetails } from '../../keys/detail-fields.ts';
import { markFirstSeen } from '../../report/simulated.ts';
import { readAcknowledgement } from '../store/acknowledgements.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { ObservationContent } from '../store/observation-content.ts';

/** PGlite blocks the process while a statement runs. */
const chunk = 5_000;

/** A pending event, and the row of the sweep in which it happened. */
export interface SweepEvent extends PendingEvent {
  readonly sweepRow: number;
}

interface EventRow {
  readonly id: string;
  readonly sweep_id: number;
  readonly kind: PendingEvent['kind'];
  readonly at: Date;
  readonly was: PendingEvent['was'];
  readonly note: Record<string, string> | null;
  readonly facts: Facts;
  readonly resolution: string | null;
  readonly fingerprint: string;
  readonly rule: string;
  readonly type: FindingType;
  readonly severity: Severity;
  readonly controls: string[];
  readonly first_seen_at: Date;
  readonly first_seen_simulated: boolean;
  readonly opened_to: string[] | null;
  readonly source: string;
  readonly key_id: string;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tags: string[];
  readonly content: ObservationContent | null;
  /** The last readable values. */
  readonly seen_name: string | null;
  readonly seen_type: string | null;
  readonly seen_last_four: string | null;
  /** From the newest observation; null before the first one too. */
  readonly last_used: Date | null;
  readonly seen_last_used: Date | null;
}

/** The findings with pending events of this sweep, as an SQL list of ids. */
export function pendingFindingsOf(sweepRow: number) {
  return sql`
    select finding_id from keysweep.finding_event
    where planned_at is null and sweep_id = ${sweepRow}
  `;
}

/**
 * Every pending event of these findings, from any sweep, in the order in which they happened: a
 * re-audit that overtakes the night cannot report “resolved” before “opened”. If a finding changed
 * in a held sweep, all its events wait. `findings`: an SQL list of ids. `ending`: rows of held
 * sweeps whose holding this transaction ends. The caller has locked the findings. Arrays leave the
 * planner no choice: it knows nothing of new events, and compared each with each.
 */
export async function readPendingEvents(
  tx: RecordsTransaction,
  findings: RawBuilder<unknown>,
  ending: readonly number[] = [],
): Promise<readonly SweepEvent[]> {
  return readEvents(
    tx,
    sql`(
      select * from keysweep.finding_event v
      where v.planned_at is null and v.finding_id = any (array(${findings}))
        and not v.finding_id = any (array(
          select h.finding_id from keysweep.finding_event h
          where h.planned_at is null and h.sweep_id = any (array(
            select id from keysweep.sweep
            where held = 'held' and id <> all (${[...ending]}::integer[])
          ))
        ))
    )`,
  );
}

/** What alerts say of these events, ordered by id. `events`: SQL with rows of `finding_event`. */
export async function readEvents(
  tx: RecordsTransaction,
  events: RawBuilder<unknown>,
): Promise<readonly SweepEvent[]> {
  const found = await sql<EventRow>`
    select v.id, v.sweep_id, v.kind, v.at, v.was, v.note, v.facts, v.resolution, f.fingerprint, f.rule, f.type,
      f.severity, f.controls, f.first_seen_at, f.first_seen_simulated, f.opened_to, k.source, k.key_id, e.owner, e.environment,
      e.tags, o.content, k.seen_name, k.seen_type, k.seen_last_four,
      k.last_used, k.seen_last_used
    from ${events} v
    join keysweep.finding f on f.id = v.finding_id
    join keysweep.tracked_key k on k.id = f.key_id
    join keysweep.inventory_entry e on e.id = k.entry_id
    left join keysweep.observation o on o.id = k.observation_id
    order by v.id
  `.execute(tx);
  return found.rows.map(toEvent);
}

function toEvent(row: EventRow): SweepEvent {
  return {
    id: row.id,
    sweepRow: row.sweep_id,
    kind: row.kind,
    was: row.was,
    tags: row.tags,
    scopes: row.content?.scopes,
    openedTo: row.opened_to ?? [],
    finding: {
      fingerprint: row.fingerprint,
      rule: row.rule,
      type: row.type,
      severity: row.severity,
      status: statusOf(row.kind),
      resolution: row.resolution,
      source: row.source,
      keyId: row.key_id,
      message: messageOf(row.type, row.facts),
      facts: row.facts,
      controls: row.controls,
      waiver: row.kind === 'waived' ? (row.note?.['waiver'] ?? null) : null,
      lapse: row.kind === 'lapsed' ? (row.note as unknown as Lapse) : null,
      acknowledgement: acknowledgementOf(row),
      firstSeen: row.first_seen_at.toISOString(),
      ...markFirstSeen(row.first_seen_simulated),
      ...describeKey(row),
      lastUsed: lastUseOf(row),
      scopes: row.content?.scopes ?? null,
      owner: row.owner,
      environment: row.environment,
    },
  };
}

function acknowledgementOf({ resolution, note, at }: EventRow): AlertFinding['acknowledgement'] {
  if (resolution !== 'acknowledged' || note === null) return null;
  return { ...readAcknowledgement(note, at), at: at.toISOString() };
}

/** For a missing key, its last known details, because people need its name to look for it. */
function describeKey({ content, ...row }: EventRow): AlertedDetails {
  if (content?.missing !== true) return toAlertedDetails(content ?? {});
  const { seen_name: name, seen_type: type, seen_last_four: lastFour } = row;
  return toAlertedDetails({ name, type, lastFour });
}

/** Undefined where the last use is not known; for a missing key, the last one that was seen. */
function lastUseOf({ content, last_used, seen_last_used }: EventRow): string | null | undefined {
  if (content === null || content.lastUsed === 'unreadable') return undefined;
  if (content.missing === true) return seen_last_used?.toISOString();
  return last_used === null ? null : last_used.toISOString();
}

function statusOf(kind: PendingEvent['kind']): 'open' | 'waived' | 'resolved' {
  return kind === 'resolved' || kind === 'waived' ? kind : 'open';
}

/**
 * Marks the events as alerted, and stores when and to which channels each finding's opening went.
 */
export async function markAlerted(
  tx: RecordsTransaction,
  events: readonly PendingEvent[],
  openedTo: ReadonlyMap<string, readonly string[]>,
  alertedAt: Date,
): Promise<void> {
  for (let at = 0; at < events.length; at += chunk) {
    const ids = events.slice(at, at + chunk).map(({ id }) => id);
    await sql`
      update keysweep.finding_event set planned_at = clock_timestamp()
      where id = any (${ids}::bigint[])
    `.execute(tx);
  }
  const routes = [...openedTo].map(([fingerprint, channels]) => ({ fingerprint, channels }));
  for (let at = 0; at < routes.length; at += chunk) {
    const some = JSON.stringify(routes.slice(at, at + chunk));
    await sql`
      update keysweep.finding f set opened_to = n.channels, told_at = ${alertedAt}::timestamptz
      from jsonb_to_recordset(${some}::jsonb) as n (fingerprint text, channels text[])
      where f.fingerprint = n.fingerprint
    `.execute(tx);
  }
}
