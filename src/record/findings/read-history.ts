import { type RawBuilder, sql } from 'kysely';
import { eventTypes } from '../../evaluate/history/events.ts';
import { type History, noHistory, type WaivedBefore } from '../../evaluate/history/history.ts';
import type { Facts } from '../../evaluate/judgement.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';

/** What `historyColumns` reads of one key. */
export interface HistoryRow {
  readonly known_at: Date;
  readonly first_scopes: string[] | null;
  readonly seen_at: Date | null;
  readonly seen_last_used: Date | null;
  readonly seen_created_on: Date | null;
  readonly seen_type: string | null;
  readonly seen_last_four: string | null;
  /** A list of [rule, type, facts]. */
  readonly open_events: readonly (readonly [string, string, Facts])[] | null;
  /** A list of [hash, digest, void]. */
  readonly waived: readonly (readonly [string, string, boolean])[] | null;
}

/**
 * The history of the tracked key `k`, as columns: so that a batch reads it with its keys, in one
 * query. Events and waivers are looked for only where the policy has use for them.
 */
export function historyColumns(policy: Policy): RawBuilder<unknown> {
  return sql`greatest(k.known_at, k.tracked_at) as known_at, k.first_scopes, k.seen_at,
    k.seen_last_used, k.seen_created_on, k.seen_type, k.seen_last_four,
    ${judgesEvents(policy) ? openEvents : sql`null::jsonb`} as open_events,
    ${policy.waivers.length > 0 ? waived : sql`null::jsonb`} as waived`;
}

const openEvents = sql`(
  select jsonb_agg(jsonb_build_array(f.rule, f.type, f.facts)) from keysweep.finding f
  where f.key_id = k.id and f.state <> 'resolved'
    and f.type in (${sql.join(eventTypes.map((type) => sql.lit(type)))})
)`;

const waived = sql`(
  select jsonb_agg(jsonb_build_array(w.waiver_hash, w.digest, w.voided_at is not null))
  from keysweep.waived_key w where w.key_id = k.id
)`;

function judgesEvents({ rules }: Policy): boolean {
  const types: readonly string[] = eventTypes;
  return rules.some(({ type }) => types.includes(type));
}

export function toHistory(row: HistoryRow, policy: Policy): History {
  const events = row.open_events ?? [];
  return {
    lastUsed: row.seen_at === null ? undefined : row.seen_last_used,
    lastUsedAt: row.seen_at ?? undefined,
    createdOn: row.seen_created_on ?? undefined,
    type: row.seen_type ?? undefined,
    lastFour: row.seen_last_four ?? undefined,
    firstScopes: row.first_scopes ?? undefined,
    knownAt: row.known_at,
    openEvents: events.length === 0 ? noHistory.openEvents : toEvents(events, policy),
    waived: row.waived === null ? noHistory.waived : toWaived(row.waived),
  };
}

/** A rule that has become one of another type has nothing to do with the event. */
function toEvents(events: NonNullable<HistoryRow['open_events']>, { rules }: Policy) {
  const types = new Map(rules.map(({ id, type }) => [id, type as string]));
  return new Map(
    events.flatMap(([rule, type, facts]) => (types.get(rule) === type ? [[rule, facts]] : [])),
  );
}

function toWaived(rows: NonNullable<HistoryRow['waived']>): ReadonlyMap<string, WaivedBefore> {
  return new Map(rows.map(([hash, digest, ended]) => [hash, { digest, void: ended }]));
}
