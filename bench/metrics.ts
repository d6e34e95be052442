// What the figures of `/metrics` cost in PostgreSQL. The store is written by SQL: one key in ten has
// an open finding, and each night has thirty alerts; a schedule that ran every minute for a year has
// missed none, and each of its ticks has its row.
import { sql } from 'kysely';
import { createRecordFigures } from '../src/record/reads/figures/create-record-figures.ts';
import type { Database } from '../src/record/store/database.ts';
import { migrate } from '../src/record/store/migrate.ts';
import { allowLongStatements } from '../src/record/store/postgres/statement-limits.ts';
import { defineBench } from './support/define-bench.ts';
import type { Filling } from './support/filled-store.ts';
import { overRounds } from './support/median.ts';
import { onPostgres } from './support/on-each-store.ts';
import { count } from './support/option.ts';

export const bench = defineBench({
  name: 'metrics',
  about: 'milliseconds that the figures of `/metrics` cost in PostgreSQL',
  options: {
    keys: count(100_000, 'keys in the store'),
    nights: count(90, 'nights in the store'),
    rounds: count(5, 'reads after the first'),
  },
  aims: () => ({}),
  run: ({ rounds, ...filling }) =>
    onPostgres(async (database) => {
      await migrate(database, false);
      await allowLongStatements(() => fill(database, filling));
      const read = createRecordFigures(database);
      const first = await timed(read);
      const later: number[] = [];
      for (let round = 0; round < rounds; round += 1) later.push(await timed(read));
      return [
        { name: 'the first read', unit: 'ms', value: first },
        overRounds({ name: 'a later read', unit: 'ms' }, later),
      ];
    }),
});

async function fill({ db }: Database, { keys, nights }: Filling): Promise<void> {
  await sql`
    insert into keysweep.policy (hash, version, text) values ('h', '1', 'x');
    insert into keysweep.inventory_entry (hash, tags) values ('\\x00', '{}');
    insert into keysweep.tracked_key (source, key_id, entry_id)
      select 'source-' || n % 5, 'key_' || n, 1 from generate_series(1, ${sql.lit(keys)}) n;
    insert into keysweep.schedule (id, cron, timezone, decided_until)
      values ('nightly', '@daily', 'UTC', now()), ('minutely', '* * * * *', 'UTC', now());
    insert into keysweep.sweep (trigger, schedule, due_at, scope, policy_id, deadline_at, closed_at,
        status, open_batches, tracked)
      select 'schedule', 'nightly', now() - night * interval '1 day', 'full', 1, now(),
        now() - night * interval '1 day', 'complete', 0, ${sql.lit(keys)}
      from generate_series(${sql.lit(nights)}, 1, -1) night;
    insert into keysweep.seal (sweep_id, evidence, hash)
      select id, 'e', 'h' || id from keysweep.sweep order by id;
    insert into keysweep.sweep_batch (sweep_id, batch, source, first_key, last_key, pending, done_at)
      select s.id, b, 'source-' || b % 5, b * 200 + 1, b * 200 + 200, 0, now()
      from keysweep.sweep s, generate_series(0, ${sql.lit(Math.ceil(keys / 200) - 1)}) b;
    insert into keysweep.sweep_key (sweep_id, key_id, entry_id, batch, verdict, observed_at)
      select s.id, k, 1, (k - 1) / 200, case when k % 10 = 0 then 2 else 1 end, now()
      from keysweep.sweep s, generate_series(1, ${sql.lit(keys)}) k;
    insert into keysweep.finding (key_id, rule, fingerprint, type, severity, state, facts, controls,
        policy_id, first_seen_at, last_seen_at)
      select k, 'rule-' || k % 7, 'f' || k, 'stale', 'high', 'open', '{}', '{}', 1, now(), now()
      from generate_series(10, ${sql.lit(keys)}, 10) k;
    insert into keysweep.alert (sweep_id, channel, type, part, parts, body, state, ended_at)
      select s.id, 'channel-' || a % 3, 'findings.changed', 1, 1, 'x', 'delivered', now()
      from keysweep.sweep s, generate_series(1, 30) a;
    insert into keysweep.tick (schedule, due_at, outcome, trigger)
      select 'minutely', now() - n * interval '1 minute', 'opened', 'schedule'
      from generate_series(1, 525600) n;
  `.execute(db);
  await sql`vacuum analyze`.execute(db);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
