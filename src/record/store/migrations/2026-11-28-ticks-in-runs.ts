import { type Kysely, type Migration, sql } from 'kysely';

/**
 * `tick`: a row may stand for a run of missed ticks, from `first_due_at` to `due_at`, so that a long
 * sleep writes one row and not thousands.
 *
 * `sweep`: an instant that comes again, because the database's clock was set back, is due again. The
 * row of the tick alone, under the schedule's lock, keeps a tick from being swept twice.
 */
const keepRuns = sql`
  alter table keysweep.tick
    add column first_due_at timestamptz,
    add column ticks integer not null default 1;
  alter table keysweep.sweep drop constraint sweep_schedule_due_at_key;
  create index sweep_schedule on keysweep.sweep (schedule, due_at);
`;

export const ticksInRuns: Migration = {
  async up(db: Kysely<unknown>) {
    await keepRuns.execute(db);
  },
};
