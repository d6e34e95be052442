import { expect, test } from 'vitest';
import { readManifest } from '../../../../src/record/log/read-manifest.ts';
import type { Database } from '../../../../src/record/store/database.ts';
import { assertMigrated, migrate } from '../../../../src/record/store/migrate.ts';
import { migrations } from '../../../../src/record/store/migrations/index.ts';
import { recomputeManifest } from '../../log/recompute-manifest.ts';
import { describeOwnStores } from '../../stores.ts';
import { all, claim, close, inputs, one, open, record, run, someKeys, sweep } from '../../world.ts';
import { undoPacks } from './undo-packs.ts';

/** Every row of every sweep, as reports read them. */
const everything = `
  select s.sweep_id, s.key_id, s.entry_id, s.observation_id, s.batch, s.verdict, s.observed_at,
    s.last_used, s.judgement
  from keysweep.sweep_key s order by 1, 2`;

/**
 * Puts the records into the form that they had before there were packs: a row per key and sweep, and
 * seals over those.
 */
async function unpack(database: Database): Promise<void> {
  await run(
    database,
    `create temporary table before as select s.*, r.attempts, l.last_key as last
       from keysweep.sweep_key s
       join keysweep.sweep_batch b on b.sweep_id = s.sweep_id and b.batch = s.batch
       join keysweep.key_list l on l.id = b.list_id
       left join keysweep.key_result r on r.sweep_id = s.sweep_id and r.key_id = s.key_id;
     truncate keysweep.key_result;
     create temporary table batches as select * from keysweep.sweep_batch;
     create temporary table closings as
       select id as sweep_id, closing from keysweep.sweep where closing is not null;
     delete from keysweep.pack; delete from keysweep.sweep_batch; delete from keysweep.adopted_seal;
     ${undoPacks}
     insert into keysweep.sweep_batch
         (sweep_id, batch, source, first_key, last_key, pending, round, fence, done_at)
       select sweep_id, batch, source, first_key,
         (select max(last) from before x where x.sweep_id = b.sweep_id and x.batch = b.batch),
         pending, round, fence_token, done_at from batches b;
     insert into keysweep.sweep_key (sweep_id, key_id, entry_id, observation_id, batch, verdict,
         attempts, reason, observed_at, last_used, judgement)
       select sweep_id, key_id, entry_id, observation_id, batch, verdict, coalesce(attempts, 0),
         reason, observed_at, last_used, judgement from before;
     insert into keysweep.seal (sweep_id, evidence, hash)
       select sweep_id, (
         select encode(sha256(convert_to(string_agg(digest || E'\\n', '' order by batch), 'UTF8')), 'hex')
         from (
           select s.batch, encode(sha256(convert_to(string_agg(jsonb_build_array(k.source, k.key_id,
             s.verdict, (extract(epoch from s.observed_at) * 1000000)::bigint,
             (extract(epoch from s.last_used) * 1000000)::bigint, encode(o.hash, 'hex'),
             encode(e.hash, 'hex'), s.judgement)::text, E'\\n' order by s.key_id), 'UTF8')), 'hex')
             as digest
           from keysweep.sweep_key s join keysweep.tracked_key k on k.id = s.key_id
           join keysweep.inventory_entry e on e.id = s.entry_id
           left join keysweep.observation o on o.id = s.observation_id
           where s.sweep_id = x.sweep_id group by s.batch
         ) rows
       ), md5(sweep_id::text) from closings x order by closing;
     drop table before, batches, closings`,
  );
}

/** The migrations that move rows, and those after them. */
const moved = Object.keys(migrations).filter((name) => name >= '2026-12-06-packs');

const keys = someKeys(250);
const sayings = {
  key_3: { breaks: ['stale'] },
  key_210: { breaks: ['stale'] },
  key_4: { unknown: true },
  key_5: { details: { lastUsed: null } },
};

describeOwnStores('moving the rows of earlier builds to packs', (get) => {
  test('keeps every row, checks every seal, and lets an open sweep go on', async () => {
    const database = get();
    await sweep(database, inputs(keys), sayings);
    await sweep(database, inputs(keys.slice(0, 120)), sayings);
    const opened = await open(database, inputs(keys));
    const claimed = await claim(database, opened, 0);
    const [late] = claimed.keys;
    if (late === undefined) throw new Error('no key');
    const failure = { reason: 'timeout', detail: 'HTTP 504' } as const;
    await record(database, claimed, {}, [{ pending: late, attempts: 2, ...failure }]);
    const before = await all(database, everything);

    await unpack(database);
    await run(
      database,
      'update keysweep.sweep_key set verdict = 1 where verdict = 2 and sweep_id = 2',
    );
    expect(await migrate(database, true)).toEqual(moved);
    await expect(assertMigrated(database, true)).resolves.toBeUndefined();

    const edited = (before as { sweep_id: number; verdict: number }[]).map((row) =>
      row.sweep_id === 2 && row.verdict === 2 ? { ...row, verdict: 1 } : row,
    );
    expect(await all(database, everything)).toEqual(edited);
    const seals = await all(
      database,
      'select format, differs from keysweep.adopted_seal order by id',
    );
    expect(seals).toEqual([
      { format: 1, differs: false },
      { format: 1, differs: true },
    ]);
    const left = 'select key_id, attempts, verdict from keysweep.key_result where verdict is null';
    expect(await all(database, left)).toEqual([{ key_id: late.row, attempts: 2, verdict: null }]);

    const again = await claim(database, opened, 0);
    expect(again.keys.map(({ row, attempts }) => [row, attempts])).toEqual([[late.row, 2]]);
    await record(database, again);
    await record(database, await claim(database, opened, 1));
    await close(database, opened.sweepId);
    expect(await one(database, 'select count(*)::integer as n from keysweep.key_result')).toEqual({
      n: 0,
    });
    const { id } = await one<{ id: number }>(
      database,
      `select id from keysweep.sweep where uuid = '${opened.sweepId}'`,
    );
    const listed = { id, uuid: opened.sweepId };
    const { manifestText } = await readManifest(database.db, listed);
    expect(await recomputeManifest(database.db, listed)).toBe(manifestText);
  });

  test('goes on after an interruption, and refuses to start before its end', async () => {
    const database = get();
    for (let night = 0; night < 3; night += 1) await sweep(database, inputs(keys), sayings);
    const before = await all(database, everything);
    await unpack(database);
    const { oldest } = await one<{ oldest: number }>(
      database,
      'select min(sweep_id)::integer as oldest from keysweep.seal',
    );
    await run(
      database,
      `create function keysweep.refuse() returns trigger language plpgsql
         as $$ begin raise exception 'the power fails'; end $$;
       create trigger refuse before delete on keysweep.sweep_key
         for each row when (old.sweep_id = ${oldest}) execute function keysweep.refuse()`,
    );
    await expect(migrate(database, true)).rejects.toThrow('the power fails');
    const moved = 'select count(distinct sweep_id)::integer as n from keysweep.pack';
    const { n: already } = await one<{ n: number }>(database, moved);
    expect(already).toBeGreaterThanOrEqual(2);
    const said = 'holds rows that are not packed yet; run: keysweep migrate';
    await expect(assertMigrated(database, true)).rejects.toThrow(said);

    // Whoever reads or prunes meanwhile sees what has moved and what has not.
    expect(await all(database, everything)).toEqual(before);

    await run(database, 'drop function keysweep.refuse() cascade');
    const heard: (readonly [number, number])[] = [];
    const onMoved = (...done: [number, number]) => void heard.push(done);
    expect(await migrate(database, true, onMoved)).toEqual([]);
    const { of } = await one<{ of: number }>(
      database,
      'select count(distinct sweep_id)::integer as of from keysweep.pack',
    );
    const left = of - already;
    expect(heard).toEqual([
      [0, left],
      [left, left],
    ]);
    await expect(assertMigrated(database, true)).resolves.toBeUndefined();
    expect(await all(database, everything)).toEqual(before);
  });

  test('lets an open sweep close after somebody removed all rows of one of its batches', async () => {
    const database = get();
    const opened = await open(database, inputs(keys));
    await unpack(database);
    const of = `(select id from keysweep.sweep where uuid = '${opened.sweepId}')`;
    await run(database, `delete from keysweep.sweep_key where batch = 1 and sweep_id = ${of}`);
    await migrate(database, true);

    expect(await record(database, await claim(database, opened, 0))).toMatchObject({ last: true });
    await close(database, opened.sweepId);
  });

  test('names the key whose verdict it does not know', async () => {
    const database = get();
    const { sweepId } = await sweep(database, inputs(keys.slice(0, 2)));
    await unpack(database);
    const of = `(select id from keysweep.sweep where uuid = '${sweepId}')`;
    const first = `(select min(key_id) from keysweep.sweep_key where sweep_id = ${of})`;
    const row = `keysweep.sweep_key set verdict = %d where sweep_id = ${of} and key_id = ${first}`;
    await run(database, `update ${row.replace('%d', '9')}`);
    const named = new RegExp(`verdict of key \\d+ of batch 0 of sweep ${sweepId}: 9`);
    await expect(migrate(database, true)).rejects.toThrow(named);
    await run(database, `update keysweep.key_result set verdict = 1 where verdict = 9`);
    await migrate(database, true);
  });

  test('moves a row that somebody took the instant from', async () => {
    const database = get();
    const { sweepId } = await sweep(database, inputs(keys.slice(0, 2)));
    await unpack(database);
    const of = `(select id from keysweep.sweep where uuid = '${sweepId}')`;
    await run(
      database,
      `update keysweep.sweep_key set observed_at = null where sweep_id = ${of} and key_id =
         (select min(key_id) from keysweep.sweep_key where sweep_id = ${of})`,
    );
    await migrate(database, true);
    const moved = `select observed_at is null as lost, verdict from keysweep.sweep_key
      where sweep_id = ${of} order by key_id`;
    expect(await all(database, moved)).toEqual([
      { lost: true, verdict: 1 },
      { lost: false, verdict: 1 },
    ]);
    const seal = `select differs from keysweep.adopted_seal where sweep_id = ${of}`;
    expect(await one(database, seal)).toEqual({ differs: true });
  });
});
