import { type Kysely, type Migration, sql } from 'kysely';

/**
 * For what `/metrics` counts: sweeps and the newest of each schedule and status, ticks that were not
 * opened, alerts by state, and open findings by severity and rule. Ticks and alerts are kept for
 * years, so counting them must not read their rows. What `keysweep demo` invented does not count.
 */
const indexes = sql`
  create index sweep_status on keysweep.sweep (schedule, status, id) where not simulated;
  create index tick_unopened on keysweep.tick (schedule, outcome)
    where outcome in ('waiting', 'missed') and not simulated;
  create index alert_state on keysweep.alert (channel, state);
  create index finding_severity on keysweep.finding (severity, rule) where state = 'open';
`;

export const watchedFigures: Migration = {
  async up(db: Kysely<unknown>) {
    await indexes.execute(db);
  },
};
