// What the figures of `/metrics` cost in PostgreSQL. The store is written by SQL: one key in ten has
// an open finding, and each night has thirty alerts; a schedule that ran every minute for a year has
// missed none, and each of its ticks has its row.
import { sql } from 'kysely';
import { createRecordFigures } from '../../src/record/reads/figures/create-record-figures.ts';
import type { Database } from '../../src/record/store/database.ts';
import { migrate } from '../../src/record/store/migrate.ts';
import { allowLongStatements } from '../../src/record/store/postgres/statement-limits.ts';
import { defineBench } from '../support/define-bench.ts';
import type { Filling } from '../support/filled-store.ts';
import { overRounds } from '../support/median.ts';
import { onPostgres } from '../support/on-each-store.ts';
import { count } from '../support/option.ts';

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
    update keysweep.sweep set closing = id;
    insert into keysweep.key_list (hash, first_key, last_key, key_ids, entry_ids)
      select int4send(min(k.id)), min(k.id), max(k.id), array_agg(k.id order by k.id),
        array_agg(1 order by k.id)
      from (select source, (id - 1) / 1000 as b, id from keysweep.tracked_key) k
      group by k.source, k.b order by 2;
    insert into keysweep.sweep_batch (sweep_id, batch, source, first_key, list_id, pending, done_at)
      select s.id, l.id, k.source, l.first_key, l.id, 0, now()
      from keysweep.sweep s, keysweep.key_list l join keysweep.tracked_key k on k.id = l.first_key;
    insert into keysweep.pack (sweep_id, batch, hash, pass, fail, waived, unknown, partial,
        observed_from, verdicts, observation_ids, observed_ms, last_used)
      select s.id, l.id, l.hash, cardinality(l.key_ids) * 9 / 10, cardinality(l.key_ids) / 10, 0, 0,
        0, now(), array_fill(1::smallint, array[cardinality(l.key_ids)]), l.key_ids,
        array_fill(0::bigint, array[cardinality(l.key_ids)]),
        array_fill(now(), array[cardinality(l.key_ids)])
      from keysweep.sweep s, keysweep.key_list l;
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
