import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { unknownDetail } from '../../../src/evaluate/unknown-detail.ts';
import { SchemaBehind } from '../../../src/record/store/errors.ts';
import { assertMigrated, migrate } from '../../../src/record/store/migrate.ts';
import { fieldsOfUnknowns } from '../../../src/record/store/migrations/2026-11-28-fields-of-unknowns.ts';
import { incidentsOfAlerts } from '../../../src/record/store/migrations/2026-11-28-incidents-of-alerts.ts';
import { migrations } from '../../../src/record/store/migrations/index.ts';
import { readJudgement, type StoredJudgement } from '../../../src/record/store/stored-judgement.ts';
import { eventually } from '../../support/eventually.ts';
import { describeOwnStores, describePostgres } from '../stores.ts';
import { all, run } from '../world.ts';
import { undoPacks } from './packs/undo-packs.ts';

const names = Object.keys(migrations);

/** Brings the tables back to what the first migration made. */
const undoAfterFirstTables = `
  ${undoPacks}
  drop table keysweep.alert_event, keysweep.alert_after, keysweep.channel_pace,
    keysweep.contact;
  alter table keysweep.alert drop column format, drop column reached, drop column place,
    drop column retried_at, drop column detail, drop column incident, drop column claim;
  drop index keysweep.alert_sweep, keysweep.tracked_key_entry;
  drop trigger finding_named on keysweep.finding;
  drop function keysweep.name_finding();
  alter table keysweep.finding drop column told_at, drop column first_seen_simulated, drop column source, drop column key_text;
  alter table keysweep.sweep drop column held, drop column held_ended_at, drop column anomaly,
    drop column stopped_at, drop column simulated, add unique (schedule, due_at);
  drop index keysweep.sweep_schedule, keysweep.alert_state, keysweep.finding_severity;
  alter table keysweep.tick drop column first_due_at, drop column ticks, drop column simulated;
  alter table keysweep.sweep_batch drop column pending, drop column asked_again_at,
    drop column waits_for;
  alter table keysweep.sweep_key
    add constraint sweep_key_key_id_fkey foreign key (key_id) references keysweep.tracked_key,
    add constraint sweep_key_entry_id_fkey foreign key (entry_id)
      references keysweep.inventory_entry;
  drop index keysweep.finding_event_finding, keysweep.finding_seen,
    keysweep.finding_unresolved_seen, keysweep.finding_open_age,
    keysweep.tracked_key_type;
  drop table keysweep.waived_key, keysweep.key_text;
  drop trigger key_texts_added on keysweep.tracked_key;
  drop trigger key_text_changed on keysweep.tracked_key;
  drop function keysweep.add_key_texts(), keysweep.change_key_text(), keysweep.text_of_key;
  alter table keysweep.finding drop column waiver, drop column waived_until;
  alter table keysweep.finding_event drop column was, drop column note;
  alter table keysweep.tracked_key drop column known_at, drop column first_scopes,
    drop column seen_at, drop column seen_last_used, drop column seen_created_on,
    drop column seen_type, drop column seen_last_four, drop column seen_name,
    drop column verdict, drop column verdict_at;
  drop table keysweep.rejection, keysweep.source_wait, keysweep.audit_record, keysweep.fleet_group,
    keysweep.session, keysweep.source_pace;
  drop function keysweep.take_permits;
  alter table keysweep.request drop column policy_hash, drop column inventory_hash,
    drop column replaces_inventory;
  delete from keysweep.migration where name not like '%-first-tables';
`;

describeOwnStores('migrating', (get) => {
  test('does nothing a second time', async () => {
    expect(await migrate(get(), true)).toEqual([]);
    await expect(assertMigrated(get(), true)).resolves.toBeUndefined();
  });

  test('refuses a database that is newer, and does not say to migrate', async () => {
    await run(
      get(),
      "insert into keysweep.migration (name, timestamp) values ('2099-01-01-later', 'x')",
    );
    for (const tried of [() => assertMigrated(get(), true), () => migrate(get(), true)]) {
      const refused = await tried().catch((error: Error) => error);
      expect(refused).toBeInstanceOf(SchemaBehind);
      expect(String(refused)).toMatch(/newer than this program: it has 2099-01-01-later/);
      expect(String(refused)).not.toContain('keysweep migrate');
    }
    await run(get(), "delete from keysweep.migration where name = '2099-01-01-later'");
  });

  test('says what to run for a database that lacks a migration', async () => {
    const [last] = names.slice(-1);
    await run(get(), `update keysweep.migration set name = 'older' where name = '${last}'`);
    const said = `lacks ${last}; run: keysweep migrate`;
    await expect(assertMigrated(get(), true)).rejects.toThrow(said);
    await run(get(), `update keysweep.migration set name = '${last}' where name = 'older'`);
  });

  test('fills the progress of sweeps and the memory of keys from older records', async () => {
    const database = get();
    await run(database, undoAfterFirstTables);
    await run(
      database,
      `insert into keysweep.policy (hash, text, version) values ('h', '', '1');
       insert into keysweep.sweep (trigger, scope, policy_id, deadline_at, open_batches, tracked)
         select 'request', 'full', id, now(), 1, 3 from keysweep.policy;
       insert into keysweep.inventory_entry (hash, tags) values ('\\x00', '{}');
       insert into keysweep.observation (hash, content) values
         ('\\x01', '{"type": "secret", "scopes": ["a", "b"], "createdOn": "2026-01-01T00:00:00Z"}'),
         ('\\x02', '{"lastUsed": "unreadable", "scopes": []}'), ('\\x03', '{"missing": true}');
       insert into keysweep.tracked_key (source, key_id, entry_id, observed_at, observation_id)
         select 's', k, e.id, now(), o.id
         from keysweep.inventory_entry e, unnest('{a,b,c,d}'::text[], '{1,2,3}'::int[]) u (k, o)
         left join keysweep.observation o on o.hash = decode('0' || u.o, 'hex');
       insert into keysweep.sweep_batch (sweep_id, batch, source, first_key, last_key, done_at)
         select id, b, 's', 1, 4, case b when 0 then now() end
         from keysweep.sweep, generate_series(0, 1) b;
       insert into keysweep.sweep_key (sweep_id, key_id, entry_id, batch, verdict, observation_id,
           observed_at)
         select s.id, k.id, k.entry_id, case k.key_id when 'a' then 0 else 1 end,
           case k.key_id when 'a' then 1 when 'b' then 4 end, k.observation_id, now()
         from keysweep.sweep s, keysweep.tracked_key k`,
    );
    expect(await migrate(database, true)).toEqual(names.slice(1));
    const batches = await sql<{ pending: number }>`
      select pending from keysweep.sweep_batch order by batch
    `.execute(database.db);
    expect(batches.rows).toEqual([{ pending: 0 }, { pending: 2 }]);
    const keys = await sql`
      select first_scopes, seen_type, seen_at is not null as seen, known_at is not null as known,
        verdict
      from keysweep.tracked_key order by key_id
    `.execute(database.db);
    expect(keys.rows).toEqual([
      { first_scopes: ['a', 'b'], seen_type: 'secret', seen: true, known: true, verdict: 1 },
      { first_scopes: [], seen_type: null, seen: false, known: false, verdict: 4 },
      { first_scopes: null, seen_type: null, seen: false, known: false, verdict: null },
      { first_scopes: null, seen_type: null, seen: false, known: false, verdict: null },
    ]);
    const texts = await sql<{ text: string }>`
      select text from keysweep.key_text order by text
    `.execute(database.db);
    expect(texts.rows.map(({ text }) => text)).toEqual(
      ['a', 'b', 'c', 'd'].map((id) => `${id}\u001fs\u001f`),
    );
  });

  test('adds fields to unknowns of open sweeps, and leaves sealed ones unchanged', async () => {
    const database = get();
    await run(database, undoPacks);
    const old = JSON.stringify({
      v: [['stale', { idleDays: 60 }, null]],
      u: [
        ['old', 'field-unreadable', 'createdOn'],
        ['own', 'field-unreadable', 'type, lastFour'],
        ['stale', 'field-unreadable', 'lastUsed lies in the future'],
        ['both', 'field-unreadable', 'lastUsed lies in the future, type'],
        ['idle', 'field-unreadable', 'type: a never-used rule may apply'],
        ['sum', 'evaluation-error', 'the expression cannot be evaluated'],
        [null, 'missing', 'no such key, and no missing rule applies to it'],
        [null, 'vendor-error', 'HTTP 500'],
      ],
    });
    await run(
      database,
      `with policy as (
         insert into keysweep.policy (hash, text, version) values ('u', '', '1') returning id
       ), sweep as (
         insert into keysweep.sweep
           (trigger, scope, policy_id, deadline_at, open_batches, tracked, closed_at)
         select 'request', 'full', id, now(), 0, 1, closed
         from policy, unnest(array[null, now()]) as closed returning id
       )
       insert into keysweep.sweep_key (sweep_id, key_id, entry_id, batch, verdict, judgement)
       select id, -1, -1, 0, 4, '${old}' from sweep`,
    );
    await fieldsOfUnknowns.up(database.db);
    const kept = await sql<{ open: boolean; judgement: StoredJudgement }>`
      select w.closed_at is null as open, s.judgement from keysweep.sweep_key s
      join keysweep.sweep w on w.id = s.sweep_id where s.key_id = -1 order by 1 desc
    `.execute(database.db);
    const [open, sealed] = kept.rows.map(({ judgement }) => judgement);
    expect(sealed).toEqual(JSON.parse(old));
    expect(open).toEqual({
      v: [['stale', { idleDays: 60 }, null]],
      u: [
        ['old', 'field-unreadable', ['createdOn']],
        ['own', 'field-unreadable', ['type', 'lastFour']],
        ['stale', 'field-unreadable', ['lastUsed'], 'in-future'],
        ['both', 'field-unreadable', ['lastUsed', 'type'], 'in-future'],
        ['idle', 'field-unreadable', ['type'], 'never-used-may-apply'],
        ['sum', 'evaluation-error', 'the expression cannot be evaluated'],
        [null, 'missing', [], 'no-missing-rule'],
        [null, 'vendor-error', 'HTTP 500'],
      ],
    });
    const said = (judgement: StoredJudgement | undefined) =>
      readJudgement(judgement ?? null).unjudged.map(unknownDetail);
    expect(said(open)).toEqual(said(sealed));
    await run(database, 'delete from keysweep.sweep_key where key_id = -1');
    await migrate(database, true);
  });

  test('fills the incident of each old alert from its body, once', async () => {
    const database = get();
    const body = JSON.stringify({ event_action: 'resolve', dedup_key: 'keysweep/test/oncall' });
    await run(
      database,
      `with alert as (
         insert into keysweep.alert (channel, type, part, parts, format, body) values
           ('one', 'findings.changed', 1, 1, 'json', '{}'),
           ('two', 'findings.changed', 1, 1, 'json', '{}'),
           ('three', 'test', 1, 1, 'pagerduty', '${body}'),
           ('four', 'test', 1, 1, 'slack', '{}') returning id, channel
       ), key as (
         insert into keysweep.tracked_key (source, key_id, entry_id)
         select 'incidents', n, id from keysweep.inventory_entry, generate_series(1, 2) n
         limit 2 returning id
       ), policy as (
         insert into keysweep.policy (hash, text, version) values ('i', '', '1') returning id
       ), finding as (
         insert into keysweep.finding (key_id, rule, fingerprint, type, severity, state, facts,
           controls, policy_id, first_seen_at, last_seen_at)
         select k.id, 'r', 'print-' || row_number() over (order by k.id), 'stale', 'low', 'open',
           '{}', '{}', p.id, now(), now() from key k, policy p returning id, fingerprint
       )
       insert into keysweep.alert_event (alert_id, event_id, finding_id)
       select a.id, f.id, f.id from alert a, finding f
       where a.channel = 'two' or (a.channel = 'one' and f.fingerprint = 'print-1');
       alter table keysweep.alert drop column incident`,
    );
    await incidentsOfAlerts.up(database.db);
    const kept = await sql`
      select channel, incident from keysweep.alert
      where channel in ('one', 'two', 'three', 'four') order by place
    `.execute(database.db);
    expect(kept.rows).toEqual([
      { channel: 'one', incident: 'print-1' },
      { channel: 'two', incident: null },
      { channel: 'three', incident: 'keysweep/test/oncall' },
      { channel: 'four', incident: null },
    ]);
  });

  test('lets LZ4 compress the objects of the log where the server has it', async () => {
    const { rows } = await sql<{ lz4: boolean; used: string | null }>`
      select to_jsonb(a)->>'attcompression' as used, exists (
        select from pg_settings
        where name = 'default_toast_compression' and 'lz4' = any (enumvals)
      ) as lz4
      from pg_attribute a where attrelid = 'keysweep.log_object'::regclass and attname = 'body'
    `.execute(get().db);
    const [{ lz4, used } = { lz4: undefined, used: undefined }] = rows;
    expect(used === 'l').toBe(lz4);
  });

  test('says what to run for a queue of an older version, if the queue is there', async () => {
    await run(get(), 'create table public.ledger as select * from bullmq.migration');
    await run(get(), 'delete from bullmq.migration');
    const said = 'has a queue of an older version; run: keysweep migrate';
    await expect(assertMigrated(get(), true)).rejects.toThrow(said);
    await expect(assertMigrated(get(), false)).resolves.toBeUndefined();
    await run(get(), 'insert into bullmq.migration select * from public.ledger');
  });
});

describePostgres('migrating an empty database', (get) => {
  test('says what to run, and several processes may run it at once', async () => {
    await run(get(), 'drop schema keysweep cascade');
    await run(get(), 'drop schema bullmq cascade');
    const said = 'is not there yet; run: keysweep migrate';
    await expect(assertMigrated(get(), false)).rejects.toThrow(said);

    const applied = await Promise.all([1, 2, 3].map(() => migrate(get(), false)));
    expect(applied.flat()).toEqual(names);
    await expect(assertMigrated(get(), true)).rejects.toThrow('has no queue yet');
    await Promise.all([1, 2].map(() => migrate(get(), true)));
    await expect(assertMigrated(get(), true)).resolves.toBeUndefined();
  });

  test('runs transactions at READ COMMITTED, whatever the server’s default', async () => {
    await run(get(), 'alter role current_user set default_transaction_isolation = serializable');
    const level = await get().transact(async (tx) => {
      const { rows } = await sql<{ level: string }>`
        select current_setting('transaction_isolation') as level
      `.execute(tx);
      return rows[0]?.level;
    });
    await run(get(), 'alter role current_user reset default_transaction_isolation');
    expect(level).toBe('read committed');
  });
});

describePostgres('migrating beside workers of an older build', (get) => {
  test('keeps the text of a key that is added meanwhile', async () => {
    const database = get();
    await run(
      database,
      `drop table keysweep.key_text;
       drop trigger key_texts_added on keysweep.tracked_key;
       drop trigger key_text_changed on keysweep.tracked_key;
       drop function keysweep.add_key_texts(), keysweep.change_key_text(), keysweep.text_of_key;
       drop table keysweep.source_pace;
       drop function keysweep.take_permits;
       ${undoPacks}
       delete from keysweep.migration where name >= '2026-12-04-texts-of-keys'`,
    );
    const migrating = await database.transact(async (tx) => {
      await sql`
        with entry as (
          insert into keysweep.inventory_entry (hash, tags) values ('\\x00', '{}') returning id
        )
        insert into keysweep.tracked_key (source, key_id, entry_id)
        select 'prod', 'key_late', id from entry
      `.execute(tx);
      const begun = migrate(database, true);
      await eventually('the migration waits for the key', async () => {
        const waiting = await all(
          database,
          "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%key_text%'",
        );
        return waiting.length > 0;
      });
      // Not awaited here: it ends after this transaction.
      return { begun };
    });
    expect(await migrating.begun).toContain('2026-12-04-texts-of-keys');
    expect(await all(database, 'select text from keysweep.key_text')).toEqual([
      { text: 'key_late\u001fprod\u001f' },
    ]);
  });
});
