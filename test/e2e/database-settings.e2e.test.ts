import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { canStartPgbouncer, startPgbouncer } from '../support/pgbouncer.ts';
import { createWorld, hasStack, type World } from './world.ts';

let world: World | undefined;
let pooler: { readonly url: string; close(): Promise<void> } | undefined;
afterEach(async () => {
  await world?.close();
  await pooler?.close();
  world = undefined;
  pooler = undefined;
});

/** What a database, a role, a URL or a pooler may set; each breaks a program that relies on it. */
const hostile = [
  "datestyle = 'German, DMY'",
  "timezone = 'Asia/Kolkata'",
  "intervalstyle = 'sql_standard'",
  "default_transaction_isolation = 'serializable'",
  "search_path = ''",
  'extra_float_digits = -15',
  "bytea_output = 'escape'",
  'standard_conforming_strings = off',
  'jit = on',
  "statement_timeout = '2s'",
  "lock_timeout = '500ms'",
  "idle_in_transaction_session_timeout = '1ms'",
  "idle_session_timeout = '300ms'",
  'synchronous_commit = off',
  'transform_null_equals = on',
  'array_nulls = off',
  'row_security = off',
  "backslash_quote = 'off'",
  'default_transaction_deferrable = on',
];

test.skipIf(!hasStack('postgres'))(
  'a sweep needs no settings of the database, of which each is hostile here',
  { tags: ['all'] },
  async () => {
    world = await createWorld({ stack: 'postgres' });
    const client = new pg.Client({ connectionString: world.databaseUrl });
    await client.connect();
    const { rows } = await client.query('select current_database() as name');
    for (const setting of hostile) {
      await client.query(`alter database ${rows[0].name} set ${setting}`);
    }
    await client.end();
    const swept = await world.run(['sweep', '--format', 'json']);
    expect({ code: swept.code, stderr: swept.stderr }).toEqual({ code: 1, stderr: '' });
    const { sweep, verdicts } = JSON.parse(swept.stdout);
    expect(verdicts).toEqual({ pass: 1, fail: 1, waived: 0, unknown: 0 });
    expect(Math.abs(Date.parse(sweep.openedAt) - Date.now())).toBeLessThan(600_000);
    const again = await world.run(['report', '--format', 'json']);
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(swept.stdout));
  },
);

/** The world of this stack, whose database is asked through a pooler in transaction mode. */
async function behindPooler(stack: 'postgres' | 'redis'): Promise<World> {
  world = await createWorld({ stack });
  pooler = await startPgbouncer(world.databaseUrl ?? '');
  await world.write({ config: { store: { url: pooler.url } } });
  return world;
}

const hasPooler = hasStack('redis') && canStartPgbouncer();

test.skipIf(!hasPooler)(
  'a sweep works behind a pooler in transaction mode, with the queue on Redis',
  { tags: ['all'] },
  async () => {
    const { run } = await behindPooler('redis');
    const swept = await run(['sweep', '--format', 'json']);
    expect({ code: swept.code, stderr: swept.stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(swept.stdout).verdicts).toMatchObject({ pass: 1, fail: 1, unknown: 0 });
  },
);

test.skipIf(!hasPooler)(
  'the queue in PostgreSQL is refused behind such a pooler, with the way out',
  { tags: ['all'] },
  async () => {
    const { run } = await behindPooler('postgres');
    const swept = await run(['sweep']);
    expect(swept.code).toBe(2);
    expect(swept.stderr).toMatch(/^keysweep: PostgreSQL at \S+ passes on no notifications.*Redis/);
  },
);
