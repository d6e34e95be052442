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
import { createSharer, type Share } from './share-values.ts';

/** PGlite blocks the process while a statement runs. */
const chunk = 5_000;

/** So few that the rows are gone before V8 counts them among what stays. */
const readAtOnce = 1_000;

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
  const { rows } = await sql<{ ids: readonly number[] | null }>`
    select json_agg(v.id order by v.id) as ids from keysweep.finding_event v
    where v.planned_at is null and v.finding_id = any (array(${findings}))
      and not exists (
        select from keysweep.finding_event h
        where h.finding_id = v.finding_id and h.planned_at is null and h.sweep_id = any (array(
          select id from keysweep.sweep
          where held = 'held' and id <> all (${[...ending]}::integer[])
        )) offset 0
      )
  `.execute(tx);
  const ids = rows[0]?.ids ?? [];
  const share = createSharer();
  const events: SweepEvent[] = [];
  // In parts, because a row as the driver reads it is several times as large as its event.
  for (let at = 0; at < ids.length; at += readAtOnce) {
    const some = sql`(
      select v.* from unnest(${ids.slice(at, at + readAtOnce)}::bigint[]) as n (id)
      cross join lateral (select * from keysweep.finding_event where id = n.id offset 0) v
    )`;
    for (const event of await readEvents(tx, some, share)) events.push(event);
  }
  return events;
}

/**
 * What alerts say of these events, ordered by id. `events`: SQL with rows of `finding_event`. All
 * else is looked up one by one: the planner would read all keys for each part of the events.
 */
export async function readEvents(
  tx: RecordsTransaction,
  events: RawBuilder<unknown>,
  share = createSharer(),
): Promise<readonly SweepEvent[]> {
  const found = await sql<EventRow>`
    select v.id, v.sweep_id, v.kind, v.at, v.was, v.note, v.facts, v.resolution, f.fingerprint,
      f.rule, f.type, f.severity, f.controls, f.first_seen_at, f.first_seen_simulated, f.opened_to,
      k.source, k.key_id, e.owner, e.environment, e.tags, o.content, k.seen_name, k.seen_type, k.seen_last_four,
      k.last_used, k.seen_last_used
    from ${events} v
    cross join lateral (select * from keysweep.finding where id = v.finding_id offset 0) f
    cross join lateral (select * from keysweep.tracked_key where id = f.key_id offset 0) k
    cross join lateral (select * from keysweep.inventory_entry where id = k.entry_id offset 0) e
    left join lateral (
      select content from keysweep.observation where id = k.observation_id offset 0
    ) o on true
    order by v.id
  `.execute(tx);
  return found.rows.map((row) => toEvent(row, share));
}

/** `share` is for what a hundred thousand events may have in common. */
function toEvent(row: EventRow, share: Share): SweepEvent {
  const scopes = row.content?.scopes && share(row.content.scopes);
  return {
    id: row.id,
    sweepRow: row.sweep_id,
    kind: row.kind,
    was: row.was,
    tags: share(row.tags),
    scopes,
    openedTo: share(row.opened_to ?? []),
    finding: {
      fingerprint: row.fingerprint,
      rule: share(row.rule),
      type: share(row.type),
      severity: share(row.severity),
      status: statusOf(row.kind),
      resolution: row.resolution,
      source: share(row.source),
      keyId: row.key_id,
      message: share(messageOf(row.type, row.facts)),
      facts: share(row.facts),
      controls: share(row.controls),
      waiver: row.kind === 'waived' ? (row.note?.['waiver'] ?? null) : null,
      lapse: row.kind === 'lapsed' ? (row.note as unknown as Lapse) : null,
      acknowledgement: acknowledgementOf(row),
      firstSeen: share(row.first_seen_at.toISOString()),
      ...markFirstSeen(row.first_seen_simulated),
      ...describeKey(row),
      lastUsed: lastUseOf(row),
      scopes: scopes ?? null,
      owner: share(row.owner),
      environment: share(row.environment),
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
  const routes = [...openedTo];
  for (let at = 0; at < routes.length; at += chunk) {
    const some = JSON.stringify(
      routes.slice(at, at + chunk).map(([fingerprint, channels]) => ({ fingerprint, channels })),
    );
    await sql`
      update keysweep.finding f set opened_to = n.channels, told_at = ${alertedAt}::timestamptz
      from jsonb_to_recordset(${some}::jsonb) as n (fingerprint text, channels text[])
      where f.fingerprint = n.fingerprint
    `.execute(tx);
  }
}
