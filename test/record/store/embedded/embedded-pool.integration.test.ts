import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresBackend, type Queue, type Worker, withBackend } from 'bullmq';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openEmbeddedDatabase } from '../../../../src/record/store/database.ts';
import {
  type EmbeddedClient,
  EmbeddedPool,
} from '../../../../src/record/store/embedded/embedded-pool.ts';
import { NestedConnection } from '../../../../src/record/store/errors.ts';
import { migrate } from '../../../../src/record/store/migrate.ts';
import { createProgress, withProgress } from '../../../../src/timing/progress.ts';
import { eventually } from '../../../support/eventually.ts';

let folder: string;
let database: Database;
let pool: EmbeddedPool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ks-pool-'));
  database = await openEmbeddedDatabase(folder);
  await migrate(database, true);
  if (!(database.queuePool instanceof EmbeddedPool)) throw new Error('not the embedded pool');
  pool = database.queuePool;
  await pool.query('create table public.note (id integer primary key, big bigint)');
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const count = async () => Number((await pool.query('select id from public.note')).rowCount);
const note = async (id: number) => {
  const { rows } = await pool.query('select id from public.note where id = $1', [id]);
  return rows.length === 1;
};

test('hands out 64-bit integers as text, as pg does', async () => {
  const { rows } = await pool.query(
    'select 9007199254740993::int8 as n, count(*) from public.note',
  );
  expect(rows[0]).toEqual({ n: '9007199254740993', count: '0' });
});

test('says how many rows a statement changed, with values and without', async () => {
  const some = await pool.query('insert into public.note values ($1, 1), ($2, 2)', [901, 902]);
  expect(some).toMatchObject({ rowCount: 2, command: 'INSERT' });
  const none = await pool.query('delete from public.note');
  expect(none).toMatchObject({ rowCount: 2, command: 'DELETE' });
});

test('lets no other code into a transaction: others wait until it ends', async () => {
  const client = await pool.connect();
  await client.query('begin');
  await client.query('insert into public.note values (1)');
  let seen: number | undefined;
  const other = count().then((n) => {
    seen = n;
  });
  await client.query('select 1');
  expect(seen).toBeUndefined();
  await client.query('rollback');
  client.release();
  await other;
  expect(seen).toBe(0);
});

test('refuses code in a transaction a second connection, by every way to get one', async () => {
  const ways = [
    () => pool.query('select 1'),
    () => pool.connect(),
    () => database.db.selectFrom('sweep').select('id').execute(),
    () => database.transact(async () => undefined),
    () => database.db.transaction().execute(async () => undefined),
  ];
  for (const way of ways) {
    const nested = database.transact(async (tx) => {
      await sql`insert into public.note values (2)`.execute(tx);
      await way();
    });
    await expect(nested).rejects.toThrow(NestedConnection);
  }
  expect(await note(2)).toBe(false);
});

test('lets others wait while a transaction runs, and serves them after it', async () => {
  const gate = new EventEmitter();
  const begun = once(gate, 'begun');
  const asked = once(gate, 'asked');
  const inside = database.transact(async (tx) => {
    await sql`insert into public.note values (3)`.execute(tx);
    gate.emit('begun');
    await asked;
  });
  await begun;
  const outside = note(3);
  gate.emit('asked');
  await inside;
  expect(await outside).toBe(true);
});

test('runs statements that a transaction started for after its end', async () => {
  let after: Promise<boolean> | undefined;
  await database.transact(async (tx) => {
    await sql`insert into public.note values (4)`.execute(tx);
    after = new Promise((resolve) => setTimeout(() => resolve(note(4)), 20));
  });
  expect(await after).toBe(true);
});

test('rolls back what a released client left open', async () => {
  const client = await pool.connect();
  await client.query('begin');
  await client.query('insert into public.note values (5)');
  client.release();
  expect(await note(5)).toBe(false);
});

test('gives the session back when BEGIN fails', async () => {
  const client = await pool.connect();
  await expect(client.query('begin isolation level nonsense')).rejects.toThrow();
  client.release();
  expect(await note(6)).toBe(false);
});

test('gives the session back when COMMIT fails', async () => {
  await pool.query(
    `create table public.later (id integer references public.note deferrable initially deferred)`,
  );
  const client = await pool.connect();
  await client.query('begin');
  await client.query('insert into public.later values (4711)');
  await expect(client.query('commit')).rejects.toThrow('foreign key');
  client.release();
  expect(await note(7)).toBe(false);
});

test('keeps the session through a rollback to a savepoint', async () => {
  const client = await pool.connect();
  await client.query('begin');
  await client.query('savepoint here');
  await expect(client.query('select 1/0')).rejects.toThrow('division by zero');
  await client.query('rollback to savepoint here');
  await client.query('insert into public.note values (8)');
  await client.query('commit');
  client.release();
  expect(await note(8)).toBe(true);
});

test('lets timers run during a transaction of many statements', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  await database.transact(async (tx) => {
    const start = performance.now();
    while (performance.now() - start < 200) {
      await sql`select count(*) from generate_series(1, 1000)`.execute(tx);
    }
  });
  clearInterval(timer);
  expect(turns).toBeGreaterThanOrEqual(3);
});

test('delivers notifications outside of the transaction that sent them', async () => {
  const client: EmbeddedClient = await pool.connect();
  const heard: unknown[] = [];
  client.on('notification', ({ channel, payload }) => {
    heard.push([channel, payload]);
    pool.query('insert into public.note values (9)').catch((error) => heard.push(error));
  });
  await client.query('listen bell');
  await database.transact(async (tx) => {
    await sql`select pg_notify('bell', 'ding')`.execute(tx);
  });
  await eventually('the listener has heard and acted', () => note(9));
  expect(heard).toEqual([['bell', 'ding']]);
  client.release();
  await pool.query("select pg_notify('bell', 'dong')");
  expect(heard).toHaveLength(1);
});

test('carries a queue of BullMQ, whose worker wakes within milliseconds', async () => {
  const bound = withBackend(createPostgresBackend);
  const connection = pool as never;
  const queue = new bound.Queue('test-queue', { connection }) as unknown as Queue;
  const times = new Map<number, number>();
  const worker = new bound.Worker(
    'test-queue',
    async (job: { data: { n: number } }) => {
      times.set(job.data.n, performance.now());
    },
    { connection },
  ) as unknown as Worker;
  await worker.waitUntilReady();
  const waits: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    const added = performance.now();
    await queue.add('job', { n });
    const run = await eventually('the job runs', () => times.get(n), { everyMs: 1 });
    waits.push(run - added);
  }
  const median = waits.sort((a, b) => a - b)[5];
  expect(median).toBeLessThan(100);
  await worker.close();
  await queue.close();
});

test('an ended statement is progress of its job, and of the jobs that wait for the session', async () => {
  let now = 0;
  const [own, waiting] = [createProgress(() => now), createProgress(() => now)];
  const client = await withProgress(own, async () => pool.connect());
  const ask = (text: string) => withProgress(own, () => client.query(text));
  await ask('begin');
  const next = withProgress(waiting, () => pool.query('select 1'));
  now = 10;
  expect([own.silentMs(), waiting.silentMs()]).toEqual([10, 10]);
  await ask('select 1');
  expect([own.silentMs(), waiting.silentMs()]).toEqual([0, 0]);
  await ask('commit');
  client.release();
  await next;
});
