import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { addSession } from '../../../src/record/sessions/sessions.ts';
import { pruneEvidence } from '../../../src/record/sweeps/prune-evidence.ts';
import { readProgress } from '../../../src/record/sweeps/requests.ts';
import { readUnfinished } from '../../../src/record/sweeps/unfinished.ts';
import { eventually } from '../../support/eventually.ts';
import { describePostgres, describeStores, type GetDatabase } from '../stores.ts';
import {
  all,
  aSource,
  claim,
  findings,
  inputs,
  one,
  open,
  record,
  run,
  someKeys,
  sweep,
} from '../world.ts';

const day = 86_400_000;

/** A sweep that is still open is closed, and takes its place among the closings. */
const closedAgo = (get: GetDatabase, sweepId: string, interval: string) =>
  run(
    get(),
    `update keysweep.sweep set closed_at = now() - interval '${interval}',
       closing = coalesce(closing, (select max(closing) + 1 from keysweep.sweep))
     where uuid = '${sweepId}'`,
  );
const isThere = async (get: GetDatabase, sweepId: string) =>
  (await all(get(), `select 1 from keysweep.sweep where uuid = '${sweepId}'`)).length === 1;
const named = (name: string) => ({ key_0: { details: { name } } });
const isKept = async (get: GetDatabase, name: string) =>
  (await all(get(), `select 1 from keysweep.observation where content->>'name' = '${name}'`))
    .length === 1;

describeStores('pruning', (get) => {
  test('removes sweeps that closed before the retention, and no younger ones', async () => {
    const using = inputs(someKeys(2, aSource()));
    const [old, young, newest] = [
      await sweep(get(), using),
      await sweep(get(), using),
      await sweep(get(), using),
    ];
    await closedAgo(get, old.sweepId, '10 days 1 second');
    await closedAgo(get, young.sweepId, '9 days 23 hours 59 minutes');
    expect(await pruneEvidence(get(), 10 * day)).toMatchObject({ sweeps: 1 });
    expect(await isThere(get, old.sweepId)).toBe(false);
    expect(await isThere(get, young.sweepId)).toBe(true);
    expect(await isThere(get, newest.sweepId)).toBe(true);
    expect(await one(get(), 'select count(*)::integer as n from keysweep.pack')).toEqual({ n: 2 });
  });

  test('removes sessions of browsers that are over, and leaves the others', async () => {
    // A sign-in removes those that were over before it.
    for (const [id, forgottenMs] of [
      ['not over', 60_000],
      ['over', 0],
    ] as const) {
      await addSession(get().db, {
        ...{ id: Buffer.from(id), kind: 'token', name: 'ops', role: 'viewer', sealed: null },
        ...{ subject: null, mail: null, login: null },
        ...{ credential: Buffer.from('c'), lastsMs: 0, forgottenMs },
      });
    }
    await pruneEvidence(get(), 10 * day);
    const left = `select convert_from(id, 'UTF8') as id from keysweep.session`;
    expect(await all(get(), left)).toEqual([{ id: 'not over' }]);
  });

  test('keeps the newest full sweep whatever its age, with findings and the log', async () => {
    const source = aSource();
    const keys = someKeys(1, source);
    const { sweepId } = await sweep(get(), inputs(keys), { key_0: { breaks: ['stale'] } });
    const partial = await sweep(get(), inputs(keys), { key_0: { breaks: ['stale'] } }, keys);
    await run(get(), "update keysweep.sweep set closed_at = now() - interval '500 days'");
    await closedAgo(get, sweepId, '499 days');
    await pruneEvidence(get(), day);
    expect(await isThere(get, sweepId)).toBe(true);
    expect(await isThere(get, partial.sweepId)).toBe(false);
    expect(await findings(get(), source)).toEqual(['key_0 stale open']);
    const leaves = await all<{ sweep: string; pruned: string }>(
      get(),
      `select p ->> 'sweep' as sweep, p -> 'sweeps' -> 0 ->> 'sweep' as pruned
       from keysweep.log_leaf, lateral (select body::jsonb -> 'predicate' as p) s order by n`,
    );
    expect(leaves).toContainEqual({ sweep: partial.sweepId, pruned: null });
    expect(leaves.at(-1)).toEqual({ sweep: null, pruned: partial.sweepId });
  });

  test('removes an observation only when no sweep and no key refers to it', async () => {
    const using = inputs(someKeys(1, aSource()));
    const names = [aSource(), aSource(), aSource()] as const;
    const first = await sweep(get(), using, named(names[0]));
    const second = await sweep(get(), using, named(names[1]));
    await sweep(get(), using, named(names[2]));
    await closedAgo(get, first.sweepId, '3 days');
    await closedAgo(get, second.sweepId, '1 day');
    await pruneEvidence(get(), 2 * day);
    expect(await Promise.all(names.map((name) => isKept(get, name)))).toEqual([false, true, true]);
  });

  test('keeps what nights between refer to, alike or not, and a re-audit of one key', async () => {
    const source = aSource();
    const keys = someKeys(2, source);
    const said = (first: string, second: string) => ({
      key_0: { details: { name: `${source} ${first}` } },
      key_1: { details: { name: `${source} ${second}` } },
    });
    const nights = [
      ['gone', 'stays'],
      ['once', 'stays'],
      ['alike', 'stays'],
      ['alike', 'stays'],
      ['between', 'later'],
      ['now', 'now'],
    ] as const;
    const swept = [];
    for (const [first, second] of nights)
      swept.push(await sweep(get(), inputs(keys), said(first, second)));
    await sweep(get(), inputs(keys), said('asked again', 'now'), keys.slice(0, 1));
    await sweep(get(), inputs(keys), said('newest', 'now'));
    await closedAgo(get, swept[0]?.sweepId ?? '', '3 days');
    await pruneEvidence(get(), 2 * day);
    const all = [
      'gone',
      'once',
      'stays',
      'alike',
      'between',
      'later',
      'now',
      'asked again',
      'newest',
    ];
    const kept = await Promise.all(all.map((name) => isKept(get, `${source} ${name}`)));
    expect(all.filter((_, at) => !kept[at])).toEqual(['gone']);
  });

  test('removes the request of a removed sweep, so that it is not opened again', async () => {
    const keys = someKeys(1, aSource());
    const { sweepId } = await sweep(get(), inputs(keys), {}, keys);
    const request = await one<{ id: string }>(
      get(),
      `select r.id from keysweep.request r join keysweep.sweep s on s.id = r.sweep_id
       where s.uuid = '${sweepId}'`,
    );
    await run(get(), `update keysweep.request set asked_at = now() - interval '3 days'`);
    await closedAgo(get, sweepId, '3 days');
    await pruneEvidence(get(), day);
    expect((await readUnfinished(get())).requests).toEqual([]);
    expect(await readProgress(get(), request.id)).toBeUndefined();
  });

  test('removes alerts that ended before the retention, never one that is pending', async () => {
    await run(
      get(),
      `insert into keysweep.alert (channel, type, part, parts, body, state, planned_at, ended_at)
       select 'old', 'test', 1, 1, '{}', state, now() - interval '9 days', ended
       from (values ('delivered', now() - interval '9 days'), ('failed', now() - interval '1 hour'),
         ('pending', null)) v (state, ended)`,
    );
    await pruneEvidence(get(), day);
    const left = "select state from keysweep.alert where channel = 'old' order by state";
    expect(await all(get(), left)).toEqual([{ state: 'failed' }, { state: 'pending' }]);
  });

  test('removes a sweep of 12,000 keys', async () => {
    const using = inputs(someKeys(12_000, aSource()));
    const opened = await open(get(), using);
    await closedAgo(get, opened.sweepId, '3 days');
    await sweep(get(), inputs(someKeys(1, aSource())));
    await pruneEvidence(get(), day);
    expect(await isThere(get, opened.sweepId)).toBe(false);
  });
});

describePostgres('pruning while batches are recorded', (get) => {
  test('leaves every observation that a key refers to', async () => {
    const keys = someKeys(50, aSource());
    for (let round = 0; round < 20; round += 1) {
      // What is said alternates, so that an old observation is idle just when it is needed again.
      const said = Object.fromEntries(
        keys.map(({ keyId }) => [keyId, { details: { name: `${keyId} ${round % 2}` } }]),
      );
      const opened = await open(get(), inputs(keys));
      const batch = await claim(get(), opened);
      await run(get(), "update keysweep.sweep set closed_at = closed_at - interval '3 days'");
      await Promise.all([record(get(), batch, said), pruneEvidence(get(), day)]);
      await run(get(), 'update keysweep.sweep set closed_at = now() where closed_at is null');
    }
    const { rows } = await sql`
      select from keysweep.sweep_key s left join keysweep.observation o on o.id = s.observation_id
      where s.verdict is not null and o.id is null
    `.execute(get().db);
    expect(rows).toHaveLength(0);
  });

  test('keeps an observation that a batch begins to use during the search', async () => {
    const keys = someKeys(1, aSource());
    const name = aSource();
    const old = await sweep(get(), inputs(keys), named(name));
    await sweep(get(), inputs(keys));
    await closedAgo(get, old.sweepId, '3 days');
    const opened = await open(get(), inputs(keys));
    let pruning: Promise<unknown> | undefined;
    await get().transact(async (tx) => {
      // As a worker does it: the lock is shared with other workers, and keeps the removal waiting.
      await sql`select pg_advisory_xact_lock_shared(hashtext('keysweep.observation'))`.execute(tx);
      pruning = pruneEvidence(get(), day);
      await eventually('the removal waits', async () => {
        const waiting = "select from pg_locks where locktype = 'advisory' and not granted";
        return (await all(get(), waiting)).length > 0;
      });
      await sql`
        insert into keysweep.key_result (sweep_id, batch, key_id, observation_id)
        select w.id, 0, k.id, o.id from keysweep.sweep w, keysweep.tracked_key k,
          keysweep.observation o
        where w.uuid = ${opened.sweepId}::uuid and k.source = ${keys[0]?.source}
          and o.content->>'name' = ${name}
      `.execute(tx);
    });
    await pruning;
    expect(await isKept(get, name)).toBe(true);
  });
});
