import { Socket } from 'node:net';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { type Database, openPostgresDatabase } from '../../../../src/record/store/database.ts';
import { createProgress, withProgress } from '../../../../src/timing/progress.ts';
import { eventually } from '../../../support/eventually.ts';
import { openTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts';

const url = inject('databaseUrl');
// The server ends a statement of a transaction two seconds earlier: each has one second.
const limits = { usualMs: 3_000, longMs: 60_000, lookMs: 200 };
const silent = { code: 'KEYSWEEP_DATABASE_SILENT', retryable: true };

describe.skipIf(url === undefined)('a half-open connection to PostgreSQL', () => {
  let proxy: TcpProxy;
  let database: Database;
  let lost: string[];

  beforeEach(async () => {
    const through = new URL(url ?? '');
    proxy = await openTcpProxy({ host: through.hostname, port: Number(through.port || 5432) });
    through.host = `127.0.0.1:${proxy.port}`;
    lost = [];
    database = openPostgresDatabase(
      through.href,
      { connectionLost: (code) => lost.push(code) },
      { limits },
    );
  });
  afterEach(async () => {
    proxy.reset();
    await database.close();
    await proxy.close();
  });

  const one = () => sql<{ one: number }>`select 1 as one`.execute(database.db);

  test('ends the statement after its limit, and the next statement has a new connection', async () => {
    await one();
    proxy.mute();
    await expect(one()).rejects.toMatchObject(silent);
    expect((await one()).rows).toEqual([{ one: 1 }]);
    expect(lost).toContain('KEYSWEEP_DATABASE_SILENT');
  });

  test('ends a transaction, whose locks the server releases', async () => {
    const lock = sql`select pg_advisory_xact_lock(4711)`;
    const stuck = database.transact(async (tx) => {
      await lock.execute(tx);
      proxy.mute();
      await lock.execute(tx);
    });
    await expect(stuck).rejects.toMatchObject(silent);
    await eventually('the lock is free', async () => {
      const locked = database.transact((tx) => lock.execute(tx));
      return locked.then(
        () => true,
        () => false,
      );
    });
  });

  test('is probed by the system from the beginning, over which nothing is sent', async () => {
    const probes = vi.spyOn(Socket.prototype, 'setKeepAlive');
    onTestFinished(() => probes.mockRestore());
    await one();
    expect(probes).toHaveBeenCalledWith(true, 10_000);
  });

  test('ends a long statement as soon as the server says that it does not run', async () => {
    const stuck = database.transactLong(async (tx) => {
      proxy.mute();
      await sql`select 1`.execute(tx);
    });
    await expect(stuck).rejects.toMatchObject(silent);
  });

  test('is not seen in a long statement that the server still runs, which is progress', async () => {
    let now = 0;
    let pid = 0;
    const progress = createProgress(() => now);
    const slow = withProgress(progress, () =>
      database.transactLong(async (tx) => {
        const found = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        pid = found.rows[0]?.pid ?? 0;
        await sql`select pg_sleep(60)`.execute(tx);
      }),
    );
    const cancelled = expect(slow).rejects.toMatchObject({ code: '57014' });
    const other = openPostgresDatabase(url ?? '', { connectionLost: () => undefined });
    onTestFinished(() => other.close());
    await eventually('it runs', async () => {
      const { rows } = await sql`
        select from pg_stat_activity where pid = ${pid} and query like '%pg_sleep%'
      `.execute(other.db);
      return rows.length === 1;
    });
    now = 1_000;
    expect(progress.silentMs()).toBe(1_000);
    await eventually('the server says that it runs', () => progress.silentMs() === 0);
    await sql`select pg_cancel_backend(${pid})`.execute(other.db);
    await cancelled;
    expect(lost).toEqual([]);
  });

  test('ends the statements of the queue too, in both forms that pg has', async () => {
    await database.queuePool.query('select 1');
    proxy.mute();
    await expect(database.queuePool.query('select 1')).rejects.toMatchObject(silent);
    const again = await database.queuePool.query('show search_path');
    expect(again.rows).toEqual([{ search_path: 'bullmq' }]);
  });
});

test.skipIf(url === undefined)(
  'a statement that takes too long is ended by the server, before its connection is given up',
  async () => {
    const lost: string[] = [];
    const database = openPostgresDatabase(
      url ?? '',
      { connectionLost: (code) => lost.push(code) },
      { limits: { usualMs: 3_000, longMs: 60_000, lookMs: 60_000 } },
    );
    try {
      const slow = database.transact((tx) => sql`select pg_sleep(20)`.execute(tx));
      // The server's own word: statement_timeout.
      await expect(slow).rejects.toMatchObject({ code: '57014' });
      expect(lost).toEqual([]);
    } finally {
      await database.close();
    }
  },
);
