import { type RawBuilder, sql } from 'kysely';

/**
 * SQL for what was last seen of a finding `f` of the tracked key `k`. A sweep that only sees a
 * finding again writes so in the row of its key, so the newer of the two rows counts. The row of a
 * finding that has ended has all of it.
 */
const sightedAt = sql`case when f.state <> 'resolved'
  then (k.sightings -> f.rule ->> 'at')::timestamptz end`;

/** When the sweep that last saw the finding opened. */
export const lastSeenAt: RawBuilder<Date> = sql<Date>`greatest(f.last_seen_at, ${sightedAt})`;

/** Why the finding was open when it was last seen. */
export const lastFacts: RawBuilder<unknown> = sql`case when ${sightedAt} > f.last_seen_at
  then k.sightings -> f.rule -> 'facts' else f.facts end`;
