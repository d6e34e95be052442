import { sql } from 'kysely';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { openPostgresDatabase } from '../../../src/record/store/database.ts';
import { eventually } from '../../support/eventually.ts';

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

test.skipIf(url === undefined)(
  'a transaction of a frozen process is ended by the server, which releases its locks',
  async () => {
    const lost: string[] = [];
    const database = openPostgresDatabase(url ?? '', { connectionLost: (code) => lost.push(code) });
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    const lock = 'select pg_advisory_xact_lock(418)';
    try {
      const usual = await database.transact((tx) =>
        sql<{ ms: string }>`
          select setting as ms from pg_settings where name = 'idle_in_transaction_session_timeout'
        `.execute(tx),
      );
      expect(usual.rows).toEqual([{ ms: '30000' }]);
      const frozen = database.transact(async (tx) => {
        await sql.raw(lock).execute(tx);
        await sql`set local idle_in_transaction_session_timeout = 100`.execute(tx);
        await other.query(lock);
        await eventually('the loss is heard', () => lost.length > 0);
        return sql`select 1`.execute(tx);
      });
      await expect(frozen).rejects.toThrow();
      expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
    } finally {
      await other.end();
      await database.close();
    }
  },
);

test.skipIf(url === undefined)(
  'a database that ends idle transactions within a millisecond does not end one of ours',
  async () => {
    const impatient = new URL(url ?? '');
    impatient.searchParams.set('options', '-c idle_in_transaction_session_timeout=1ms');
    const lost: string[] = [];
    const database = openPostgresDatabase(impatient.href, {
      connectionLost: (code) => lost.push(code),
    });
    try {
      const busy = async () => {
        const until = performance.now() + 5;
        while (performance.now() < until);
      };
      for (let time = 0; time < 50; time += 1) {
        await Promise.all([database.transact((tx) => sql`select 1`.execute(tx)), busy()]);
      }
      expect(lost).toEqual([]);
    } finally {
      await database.close();
    }
  },
);
