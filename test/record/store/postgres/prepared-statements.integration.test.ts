import { expect, inject, onTestFinished, test } from 'vitest';
import { verdictCode } from '../../../../src/record/store/codes.ts';
import { type Database, openPostgresDatabase } from '../../../../src/record/store/database.ts';
import { canStartPgbouncer, startPgbouncer } from '../../../support/pgbouncer.ts';
import { freshDatabase } from '../../../support/postgres.ts';
import { all, claim, close, inputs, one, open, record, run, someKeys } from '../../world.ts';

const using = inputs(someKeys(1_400));

/** A store with one connection for all that it does, over what `through` puts before the server. */
async function aStore(through = async (url: string) => url): Promise<Database> {
  const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
  onTestFinished(() => fresh.drop());
  const events = { connectionLost: () => undefined };
  const alone = { connections: 1, queueInStore: false };
  const database = openPostgresDatabase(await through(fresh.url), events, alone);
  onTestFinished(() => database.close());
  return database;
}

const preparedOn = (database: Database) =>
  all<{ name: string; statement: string; prepare_time: Date }>(
    database,
    'select name, statement, prepare_time from pg_prepared_statements order by statement',
  );

/** Records a night on which a key of each batch fails; `before` runs before each is recorded. */
async function aNight(database: Database, before: () => Promise<unknown> = async () => undefined) {
  const opened = await open(database, using);
  for (const { batch } of opened.batches) {
    const claimed = await claim(database, opened, batch);
    const failing = claimed.keys.slice(0, 1).map(({ key }) => [key.keyId, { breaks: ['old'] }]);
    await before();
    await record(database, claimed, Object.fromEntries(failing));
  }
  await close(database, opened.sweepId);
  const found = `select count(*)::integer as keys,
      count(*) filter (where verdict = ${verdictCode('fail')})::integer as failed
    from keysweep.tracked_key where verdict is not null`;
  return { batches: opened.batches.length, ...(await one<object>(database, found)) };
}
const whole = { batches: 7, keys: 1_400, failed: 7 };

const needsServer = test.skipIf(inject('databaseUrl') === undefined);

needsServer('the statements of a batch are prepared once for a connection', async () => {
  const database = await aStore();
  await aNight(database);
  await aNight(database);
  const prepared = await preparedOn(database);
  expect(prepared.length).toBeGreaterThan(5);
  const texts = new Set(prepared.map(({ statement }) => statement));
  expect(texts.size).toBe(prepared.length);
  expect(await aNight(database)).toEqual(whole);
  expect(await preparedOn(database)).toEqual(prepared);
});

needsServer('a batch is recorded though the server has lost what it prepared', async () => {
  const database = await aStore();
  await aNight(database);
  expect(await aNight(database, () => run(database, 'deallocate all'))).toEqual(whole);
  expect(await preparedOn(database)).toEqual([]);
});

needsServer('a batch is recorded though its names are taken on the connection', async () => {
  const [known, database] = [await aStore(), await aStore()];
  await aNight(known);
  const names = (await preparedOn(known)).map(({ name }) => name);
  for (const name of names) await run(database, `prepare "${name}" as select 1`);
  expect(await aNight(database)).toEqual(whole);
  expect((await preparedOn(database)).map(({ name }) => name).sort()).toEqual(names.sort());
});

needsServer(
  'a batch is recorded though a migration has changed what a statement returns',
  async () => {
    const database = await aStore();
    await aNight(database);
    const change = 'alter table keysweep.tracked_key alter column observed_at type timestamptz';
    let precision = 3;
    const migrate = () => run(database, `${change}(${precision++})`);
    expect(await aNight(database, migrate)).toEqual(whole);
  },
);

test.skipIf(inject('databaseUrl') === undefined || !canStartPgbouncer())(
  'nothing is prepared behind a pooler, which may give each transaction another connection',
  async () => {
    const database = await aStore(async (url) => {
      const pooler = await startPgbouncer(url);
      onTestFinished(() => pooler.close());
      return pooler.url;
    });
    expect(await aNight(database)).toEqual(whole);
    expect(await preparedOn(database)).toEqual([]);
  },
);
