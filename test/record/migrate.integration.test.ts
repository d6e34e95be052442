import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { SchemaBehind } from '../../src/record/errors.ts';
import { assertMigrated, migrate } from '../../src/record/migrate.ts';
import { migrations } from '../../src/record/migrations/index.ts';
import { describePostgres, describeStores } from './stores.ts';
import { run } from './world.ts';

const names = Object.keys(migrations);

describeStores('migrating', (get) => {
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

  test('decides under READ COMMITTED whatever the server’s default is', async () => {
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
