import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { verdictCode } from '../../../../src/record/store/codes.ts';
import { type Database, openPostgresDatabase } from '../../../../src/record/store/database.ts';
import type { SweepInputs } from '../../../../src/record/sweeps/write-sweep.ts';
import { canStartPgbouncer, startPgbouncer } from '../../../support/pgbouncer.ts';
import { freshDatabase } from '../../../support/postgres.ts';
import { all, claim, close, inputs, one, open, record, run, someKeys } from '../../world.ts';

const whole = inputs(someKeys(1_400));

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

interface Night {
  readonly using?: SweepInputs;
  /** Runs before each batch is recorded. */
  readonly before?: () => Promise<unknown>;
}

/** Records a night on which a key of each batch fails. */
async function aNight(database: Database, { using = whole, before }: Night = {}) {
  const opened = await open(database, using);
  for (const { batch } of opened.batches) {
    const claimed = await claim(database, opened, batch);
    const failing = claimed.keys.slice(0, 1).map(({ key }) => [key.keyId, { breaks: ['old'] }]);
    await before?.();
    await record(database, claimed, Object.fromEntries(failing));
  }
  await close(database, opened.sweepId);
  const found = `select count(*)::integer as keys,
      count(*) filter (where verdict = ${verdictCode('fail')})::integer as failed
    from keysweep.tracked_key where verdict is not null`;
  return { batches: opened.batches.length, ...(await one<object>(database, found)) };
}
const wholeNight = { batches: 7, keys: 1_400, failed: 7 };

const needsServer = test.skipIf(inject('databaseUrl') === undefined);

needsServer('the statements of a batch are prepared once for a connection', async () => {
  const database = await aStore();
  await aNight(database);
  await aNight(database);
  const prepared = await preparedOn(database);
  expect(prepared.length).toBeGreaterThan(5);
  const texts = new Set(prepared.map(({ statement }) => statement));
  expect(texts.size).toBe(prepared.length);
  expect(await aNight(database)).toEqual(wholeNight);
  expect(await preparedOn(database)).toEqual(prepared);
});

/** The plans of what is prepared for any values, where PostgreSQL has chosen to keep those. */
async function plansOn(database: Database): Promise<string> {
  const prepared = await all<{ name: string; values: number }>(
    database,
    'select name, cardinality(parameter_types) as values from pg_prepared_statements',
  );
  const plans: string[] = [];
  for (const { name, values } of prepared) {
    const explain = `explain execute "${name}" (${Array(values).fill('null').join(', ')})`;
    const lines = await all<Record<string, string>>(database, explain);
    plans.push(...lines.flatMap((line) => Object.values(line)));
  }
  return plans.join('\n');
}

needsServer('plans that were made while a table was small are not kept when it grows', async () => {
  const database = await aStore();
  const few = inputs(someKeys(3));
  await aNight(database, { using: few });
  await run(database, 'analyze keysweep.tracked_key');
  for (let night = 0; night < 8; night += 1) await aNight(database, { using: few });
  expect(await plansOn(database)).toContain('Join Filter: (k.id = n.key_id)');
  const now = performance.now.bind(performance);
  const later = vi.spyOn(performance, 'now').mockImplementation(() => now() + 11_000);
  onTestFinished(() => later.mockRestore());
  await aNight(database);
  expect(await plansOn(database)).not.toContain('Join Filter: (k.id = n.key_id)');
});

needsServer('a batch is recorded though the server has lost what it prepared', async () => {
  const database = await aStore();
  await aNight(database);
  expect(await aNight(database, { before: () => run(database, 'deallocate all') })).toEqual(
    wholeNight,
  );
  expect(await preparedOn(database)).toEqual([]);
});

needsServer('a batch is recorded though its names are taken on the connection', async () => {
  const [known, database] = [await aStore(), await aStore()];
  await aNight(known);
  const names = (await preparedOn(known)).map(({ name }) => name);
  for (const name of names) await run(database, `prepare "${name}" as select 1`);
  expect(await aNight(database)).toEqual(wholeNight);
  expect((await preparedOn(database)).map(({ name }) => name).sort()).toEqual(names.sort());
});

needsServer(
  'a batch is recorded though a migration has changed what a statement returns',
  async () => {
    const database = await aStore();
    await aNight(database);
    const change = 'alter table keysweep.tracked_key alter column observed_at type timestamptz';
    let precision = 3;
    const before = () => run(database, `${change}(${precision++})`);
    expect(await aNight(database, { before })).toEqual(wholeNight);
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
    expect(await aNight(database)).toEqual(wholeNight);
    expect(await preparedOn(database)).toEqual([]);
  },
);
