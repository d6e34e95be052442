import { type RawBuilder, sql } from 'kysely';
import type { AlertFinding, Lapse } from '../../alert/message.ts';
import type { PendingEvent } from '../../alert/plan/pending-event.ts';
import type { FindingType } from '../../evaluate/history/finding-type.ts';
import type { Facts } from '../../evaluate/judgement.ts';
import { messageOf } from '../../evaluate/messages.ts';
import type { Severity } from '../../evaluate/policy/policy.ts';
import { type AlertedDetails, toAlertedDetails } from '../../keys/detail-fields.ts';
import { markFirstSeen } from '../../report/simulated.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { readAcknowledgement } from '../store/findings/acknowledgements.ts';
import type { ObservationContent } from '../store/observation-content.ts';
import { type Pages, withPages } from '../store/paging/with-pages.ts';

/** A pending event, without what alerts say of it, and the row of the sweep in which it happened. */
export interface SweepEvent extends Pick<PendingEvent, 'id' | 'kind' | 'was' | 'findingRow'> {
  readonly sweepRow: number;
}

interface EventRow {
  readonly id: string;
  readonly finding_id: number;
  readonly single: boolean;
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
 * Every pending event of these findings, from any sweep, as an SQL list of ids. If a finding changed
 * in a held sweep, all its events wait. `findings`: an SQL list of ids. `ending`: rows of held
 * sweeps whose holding this transaction ends. The caller has locked the findings. Arrays leave the
 * planner no choice: it knows nothing of new events, and compared each with each.
 */
export function pendingEventsOf(
  findings: RawBuilder<unknown>,
  ending: readonly number[] = [],
): RawBuilder<unknown> {
  return sql`
    select v.id from keysweep.finding_event v
    where v.planned_at is null and v.finding_id = any (array(${findings}))
      and not exists (
        select from keysweep.finding_event h
        where h.finding_id = v.finding_id and h.planned_at is null and h.sweep_id = any (array(
          select id from keysweep.sweep
          where held = 'held' and id <> all (${[...ending]}::integer[])
        )) offset 0
      )`;
}

/** These events, an SQL list of ids, in the order in which they happened. */
export async function readSweepEvents(
  tx: RecordsTransaction,
  events: RawBuilder<unknown>,
): Promise<readonly SweepEvent[]> {
  const { rows } = await sql<SweepEvent>`
    select v.id, v.sweep_id as "sweepRow", v.finding_id as "findingRow", v.kind, v.was
    from unnest(array(${events})) as n (id)
    cross join lateral (select * from keysweep.finding_event where id = n.id offset 0) v
    order by v.id
  `.execute(tx);
  return rows;
}

/**
 * Lets `work` read what alerts say of these events, an SQL list of ids, in the order in which they
 * happened, so that a re-audit that overtakes the night cannot report “resolved” before “opened”.
 * All is looked up one by one: the planner would read all events and keys.
 */
export async function withEvents<T>(
  tx: RecordsTransaction,
  events: RawBuilder<unknown>,
  work: (pages: Pages<PendingEvent>) => Promise<T>,
): Promise<T> {
  const query = sql<EventRow>`
    select v.id, v.finding_id, n.single, v.kind, v.at, v.was, v.note, v.facts, v.resolution,
      f.fingerprint, f.rule, f.type, f.severity, f.controls, f.first_seen_at,
      f.first_seen_simulated, f.opened_to, k.source, k.key_id, e.owner, e.environment, e.tags,
      o.content, k.seen_name, k.seen_type, k.seen_last_four, k.last_used, k.seen_last_used
    from (
      select v.id, count(*) over (partition by v.finding_id) = 1 as single
      from unnest(array(${events})) as n (id)
      cross join lateral (
        select id, finding_id from keysweep.finding_event where id = n.id offset 0
      ) v
      order by v.id offset 0
    ) n
    cross join lateral (select * from keysweep.finding_event where id = n.id offset 0) v
    cross join lateral (select * from keysweep.finding where id = v.finding_id offset 0) f
    cross join lateral (select * from keysweep.tracked_key where id = f.key_id offset 0) k
    cross join lateral (select * from keysweep.inventory_entry where id = k.entry_id offset 0) e
    left join lateral (
      select content from keysweep.observation where id = k.observation_id offset 0
    ) o on true
    order by n.id
  `;
  return withPages(tx, query, toEvent, work);
}

function toEvent(row: EventRow): PendingEvent {
  const scopes = row.content?.scopes;
  return {
    id: row.id,
    findingRow: row.finding_id,
    single: row.single,
    kind: row.kind,
    was: row.was,
    tags: row.tags,
    scopes,
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
      scopes: scopes ?? null,
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
