import { sql } from 'kysely';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { openPostgresDatabase } from '../../src/record/database.ts';
import { eventually } from '../support/eventually.ts';

const url = inject('databaseUrl');

test.skipIf(url === undefined)(
  'a connection that breaks in a transaction fails that transaction and nothing else',
  async () => {
    const lost: string[] = [];
    const database = openPostgresDatabase(url ?? '', { connectionLost: (code) => lost.push(code) });
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    try {
      const broken = database.transact(async (tx) => {
        const found = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        await other.query('select pg_terminate_backend($1)', [found.rows[0]?.pid]);
        await eventually('the loss is heard', () => lost.length > 0);
        return sql`select 1`.execute(tx);
      });
      await expect(broken).rejects.toThrow();
      expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
    } finally {
      await other.end();
      await database.close();
    }
  },
);
