import { type RawBuilder, sql } from 'kysely';

/**
 * These alerts, as `mine`, each beside every alert about one of its findings, as `other`; an alert
 * is also beside itself. Each row is looked up by its id: the planner, whose statistics know
 * nothing about new alerts, would otherwise search all alerts of a channel once per row.
 */
export function aboutSameFindings(ids: readonly string[]): RawBuilder<unknown> {
  return sql`
    unnest(${[...ids]}::uuid[]) as n (id)
    cross join lateral (
      select id, channel, place from keysweep.alert where id = n.id offset 0
    ) mine
    cross join lateral (
      select finding_id from keysweep.alert_event where alert_id = n.id offset 0
    ) alerted
    cross join lateral (
      select alert_id from keysweep.alert_event where finding_id = alerted.finding_id offset 0
    ) too
    cross join lateral (
      select id, channel, place, state, leased_until from keysweep.alert
      where id = too.alert_id offset 0
    ) other`;
}
