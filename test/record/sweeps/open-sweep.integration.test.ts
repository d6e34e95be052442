import { expect, test } from 'vitest';
import type { Database } from '../../../src/record/store/database.ts';
import { RequestRefused } from '../../../src/record/store/errors.ts';
import {
  openRequestedSweep,
  openTickSweep,
  type TickOrder,
} from '../../../src/record/sweeps/open-sweep.ts';
import { writeRequest } from '../../../src/record/sweeps/requests.ts';
import type { SweepInputs } from '../../../src/record/sweeps/write-sweep.ts';
import { describePostgres, describeStores } from '../stores.ts';
import {
  all,
  aSource,
  aTrackedKey,
  close,
  inputs,
  one,
  open,
  run,
  someKeys,
  sweep,
} from '../world.ts';

function tick(difference: Partial<TickOrder> = {}): TickOrder {
  return {
    schedule: aSource(),
    dueAt: new Date('2026-11-23T02:30:00Z'),
    trigger: 'schedule',
    overlap: 'skip',
    deadlineMs: 3_600_000,
    ...difference,
  };
}

const outcomes = (database: Database, { schedule }: TickOrder) =>
  all<{ outcome: string }>(
    database,
    `select outcome from keysweep.tick where schedule = '${schedule}' order by due_at`,
  );
const later = (order: TickOrder) => ({ ...order, dueAt: new Date(order.dueAt.getTime() + 1) });

async function mustOpen(database: Database, order: TickOrder, using: SweepInputs) {
  const opened = await openTickSweep(database, order, using);
  if (typeof opened !== 'object') throw new Error(`the tick was not opened: ${opened}`);
  return opened;
}

describeStores('opening a sweep', (get) => {
  test('cuts the keys into batches of 200 at most, of one source each', async () => {
    const [a, b] = [aSource(), aSource()];
    const mixed = [...someKeys(201, a), ...someKeys(3, b)].reverse();
    const opened = await open(get(), inputs(mixed));
    const sizes = await all<{ source: string; n: number }>(
      get(),
      `select b.source, count(*)::integer as n from keysweep.sweep w
       join keysweep.sweep_batch b on b.sweep_id = w.id
       join keysweep.sweep_key s on s.sweep_id = w.id and s.batch = b.batch
         and s.key_id between s.first_key and s.last_key
       join keysweep.tracked_key k on k.id = s.key_id and k.source = b.source
       where w.uuid = '${opened.sweepId}' group by b.batch, b.source order by b.source, n`,
    );
    const expected = [
      { source: a, n: 1 },
      { source: a, n: 200 },
      { source: b, n: 3 },
    ].sort((one_, two) => one_.source.localeCompare(two.source));
    expect(sizes).toEqual(expected);
    const swept = `select tracked, open_batches from keysweep.sweep where uuid = '${opened.sweepId}'`;
    expect(await one(get(), swept)).toEqual({ tracked: 204, open_batches: 3 });
  });

  test('opens a sweep of 20,000 keys completely', async () => {
    const opened = await open(get(), inputs(someKeys(20_000, aSource())));
    expect(opened.batches).toHaveLength(100);
    const count = `select count(*)::integer as n from keysweep.sweep_key s
      join keysweep.sweep w on w.id = s.sweep_id where w.uuid = '${opened.sweepId}'`;
    expect(await one(get(), count)).toEqual({ n: 20_000 });
  });

  test('leaves nothing behind when it fails', async () => {
    const order = tick();
    const source = aSource();
    await run(
      get(),
      `create function keysweep.refuse() returns trigger language plpgsql
         as $$ begin raise exception 'no room'; end $$;
       create trigger refuse before insert on keysweep.key_list execute function keysweep.refuse()`,
    );
    const failed = openTickSweep(get(), order, inputs(someKeys(3, source)));
    await expect(failed).rejects.toThrow('no room');
    await run(get(), 'drop function keysweep.refuse() cascade');

    expect(await outcomes(get(), order)).toEqual([]);
    const keys = `select count(*)::integer as n from keysweep.tracked_key where source = '${source}'`;
    expect(await one(get(), keys)).toEqual({ n: 0 });
    expect(await openTickSweep(get(), order, inputs(someKeys(3, source)))).toBeDefined();
  });

  test('answers a repeated tick with its open sweep, and after the close with nothing', async () => {
    const order = tick();
    const using = inputs(someKeys(1, aSource()));
    const first = await mustOpen(get(), order, using);
    expect(await openTickSweep(get(), order, using)).toEqual(first);
    await run(
      get(),
      `update keysweep.sweep set deadline_at = now() where uuid = '${first.sweepId}'`,
    );
    await close(get(), first.sweepId);
    expect(await openTickSweep(get(), order, using)).toBeUndefined();
  });

  test('skips a tick while the sweep of the tick before is open', async () => {
    const order = tick();
    const using = inputs(someKeys(1, aSource()));
    await openTickSweep(get(), order, using);
    expect(await openTickSweep(get(), later(order), using)).toBe('skipped');
    expect(await openTickSweep(get(), later(order), using)).toBeUndefined();
    expect(await outcomes(get(), order)).toEqual([{ outcome: 'opened' }, { outcome: 'skipped' }]);
  });

  test('with `overlap: queue` keeps a tick waiting, and opens it afterwards, in order', async () => {
    const order = tick({ overlap: 'queue' });
    const using = inputs(someKeys(1, aSource()));
    const first = await mustOpen(get(), order, using);
    expect(await openTickSweep(get(), later(order), using)).toBeUndefined();
    expect(await outcomes(get(), order)).toEqual([{ outcome: 'opened' }, { outcome: 'waiting' }]);
    await run(
      get(),
      `update keysweep.sweep set deadline_at = now() where uuid = '${first.sweepId}'`,
    );
    await close(get(), first.sweepId);
    const latest = later(later(order));
    expect(await openTickSweep(get(), latest, using)).toBeUndefined();
    expect(await openTickSweep(get(), later(order), using)).toMatchObject({ scope: 'full' });
    const queued = [{ outcome: 'opened' }, { outcome: 'opened' }, { outcome: 'waiting' }];
    expect(await outcomes(get(), order)).toEqual(queued);
  });

  test('refuses a request for a key that is not tracked, or no longer', async () => {
    const source = aSource();
    const keys = someKeys(2, source);
    await sweep(get(), inputs(keys));
    const ask = async (keyId: string) => {
      const named = [{ source, keyId }];
      const asked = { keys: named, reason: null, requestedBy: null };
      const id = await writeRequest(get(), asked, null);
      return openRequestedSweep(get(), id, 60_000, inputs(keys.slice(1)));
    };
    await expect(ask('key_0')).rejects.toThrow(`no key key_0 of source ${source}`);
    await expect(ask('nobody')).rejects.toThrow(RequestRefused);
    expect(await ask('key_1')).toMatchObject({ scope: 'partial', batches: [{ batch: 0 }] });
  });

  test('counts a key once that is named twice', async () => {
    const [key] = someKeys(1, aSource());
    if (key === undefined) throw new Error('no key');
    const opened = await open(get(), inputs([key]), [key, key]);
    const swept = `select tracked from keysweep.sweep where uuid = '${opened.sweepId}'`;
    expect(await one(get(), swept)).toEqual({ tracked: 1 });
  });

  test('refuses a request with characters that cannot be stored', async () => {
    for (const keyId of ['a\u0000', '\ud800']) {
      const keys = [{ source: 'prod', keyId }];
      const asked = writeRequest(get(), { keys, reason: null, requestedBy: null }, null);
      await expect(asked).rejects.toThrow(RequestRefused);
    }
    const reason = writeRequest(
      get(),
      { keys: undefined, reason: '\u0000', requestedBy: null },
      null,
    );
    await expect(reason).rejects.toThrow(RequestRefused);
  });

  test('is one request, and one sweep, for a producer job that runs twice', async () => {
    const using = inputs([aTrackedKey('k', { source: aSource() })]);
    const request = { keys: undefined, reason: null, requestedBy: null };
    const job = aSource();
    const [first, second] = [
      await writeRequest(get(), request, job),
      await writeRequest(get(), request, job),
    ];
    expect(second).toBe(first);
    const opened = await openRequestedSweep(get(), first, 60_000, using);
    expect(await openRequestedSweep(get(), first, 60_000, using)).toEqual(opened);
  });
});

describePostgres('opening a sweep from many places at once', (get) => {
  test('makes one sweep per tick, and returns it to all', async () => {
    const using = inputs(someKeys(300, aSource()));
    for (let round = 0; round < 10; round += 1) {
      const order = tick();
      const opens = Array.from({ length: 6 }, () => mustOpen(get(), order, using));
      const ids = new Set((await Promise.all(opens)).map(({ sweepId }) => sweepId));
      expect(ids.size).toBe(1);
      const count = `select count(*)::integer as n from keysweep.sweep
        where schedule = '${order.schedule}'`;
      expect(await one(get(), count)).toEqual({ n: 1 });
    }
  });
});
