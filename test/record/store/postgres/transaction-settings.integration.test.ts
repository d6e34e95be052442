import { sql } from 'kysely';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openPostgresDatabase, type Records } from '../../../../src/record/store/database.ts';
import { findRowsByIndex } from '../../../../src/record/store/postgres/rows-by-index.ts';
import { freshDatabase } from '../../../support/postgres.ts';

const events = { connectionLost: () => undefined };

/** What a database may set, and no transaction of keysweep must have. */
const hostile = {
  default_transaction_isolation: 'serializable',
  lock_timeout: '500',
  statement_timeout: '2000',
  idle_in_transaction_session_timeout: '5',
  synchronous_commit: 'off',
  jit: 'on',
};

async function hostileDatabase() {
  const fresh = await freshDatabase(inject('databaseUrl') ?? '');
  onTestFinished(() => fresh.drop());
  const admin = openPostgresDatabase(fresh.url, events);
  for (const [name, value] of Object.entries(hostile)) {
    await sql.raw(`alter database ${fresh.name} set ${name} = '${value}'`).execute(admin.db);
  }
  await admin.close();
  // One session for all statements.
  const database = openPostgresDatabase(fresh.url, events, { connections: 1, queueInStore: false });
  onTestFinished(() => database.close());
  return database;
}

async function settingsOf(db: Records) {
  const names = [...Object.keys(hostile), 'transaction_isolation'];
  const found = await sql<{ name: string; setting: string }>`
    select name, setting from pg_catalog.pg_settings where name = any (${names})
  `.execute(db);
  return Object.fromEntries(found.rows.map(({ name, setting }) => [name, setting]));
}

const usual = {
  transaction_isolation: 'read committed',
  lock_timeout: '0',
  statement_timeout: '28000',
  idle_in_transaction_session_timeout: '30000',
  synchronous_commit: 'on',
  jit: 'off',
};

describe.skipIf(inject('databaseUrl') === undefined)('a transaction', () => {
  test('has what it needs, whatever the database sets, and leaves the session as it was', async () => {
    const database = await hostileDatabase();
    const before = await settingsOf(database.db);
    expect(before).toMatchObject(hostile);
    expect(await database.transact((tx) => settingsOf(tx))).toMatchObject(usual);
    expect(await settingsOf(database.db)).toEqual(before);
  });

  test('over a whole sweep has longer limits', async () => {
    const database = await hostileDatabase();
    expect(await database.transactLong((tx) => settingsOf(tx))).toMatchObject({
      ...usual,
      statement_timeout: '598000',
      idle_in_transaction_session_timeout: '120000',
    });
  });

  test('of a batch finds rows by indexes alone, and leaves the session as it was', async () => {
    const database = await hostileDatabase();
    const plans = async (db: Records) =>
      (
        await sql<{ on: string[] }>`
        select array_agg(name::text order by name) as on from pg_catalog.pg_settings
        where name in ('enable_seqscan', 'enable_hashjoin', 'enable_mergejoin') and setting = 'on'
      `.execute(db)
      ).rows[0]?.on;
    const all = ['enable_hashjoin', 'enable_mergejoin', 'enable_seqscan'];
    expect(await findRowsByIndex(() => database.transact((tx) => plans(tx)))).toBeNull();
    expect(await database.transact((tx) => plans(tx))).toEqual(all);
    expect(await plans(database.db)).toEqual(all);
  });
});
