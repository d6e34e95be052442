import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { createWorld, hasStack, type World } from './world.ts';

let world: World | undefined;
afterEach(() => world?.close());

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
  "statement_timeout = '20s'",
  "lock_timeout = '15s'",
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
