import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEmbeddedDatabase } from '../../../../src/record/store/database.ts';
import { EmbeddedPool } from '../../../../src/record/store/embedded/embedded-pool.ts';
import { openEmbedded } from '../../../../src/record/store/embedded/open-embedded.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ks-failure-'));
  folder = join(parent, 'store');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function openNotes() {
  const stops: Error[] = [];
  const database = await openEmbeddedDatabase(folder, { stopped: (error) => stops.push(error) });
  const pool = database.queuePool;
  if (!(pool instanceof EmbeddedPool)) throw new Error('not the embedded pool');
  await pool.query('create table public.note (id integer)');
  await pool.query('insert into public.note values ($1)', [1]);
  return { database, pool, stops };
}

async function readNotes(): Promise<unknown> {
  const again = await openEmbedded(folder);
  const { rows } = await again.query('select id from public.note');
  await again.close();
  return rows;
}

// One statement with values and one without take different ways through PGlite.
test.each([
  ['insert into public.note values ($1)', [2]],
  ['insert into public.note values (2)', []],
])(
  'a PANIC in “%s” ends the database, and a later opening has what was committed',
  async (text, values) => {
    const { database, pool, stops } = await openNotes();
    // The next file of the log cannot be made: PostgreSQL panics, as on a full disk.
    const next = join(folder, 'db', 'pg_wal', '000000010000000000000002');
    await mkdir(next);
    await pool.query('select pg_switch_wal()');
    const stopped = { code: 'KEYSWEEP_STORE_UNUSABLE', message: expect.stringContaining(folder) };
    await expect(pool.query(text, values)).rejects.toMatchObject(stopped);
    await expect(pool.query('select 1')).rejects.toMatchObject(stopped);
    expect(stops).toMatchObject([stopped]);
    await database.close();
    await rm(next, { recursive: true });
    expect(await readNotes()).toEqual([{ id: 1 }]);
  },
);

test('a statement that is refused for want of room ends the database too; other errors do not', async () => {
  const { database, pool, stops } = await openNotes();
  const raise = (code: string) =>
    pool.query(`do $$ begin raise exception 'no' using errcode = '${code}'; end $$`);
  await expect(raise('53200')).rejects.toMatchObject({ code: '53200' });
  expect(stops).toEqual([]);
  await expect(raise('53100')).rejects.toThrow('its disk or quota is full');
  expect(stops).toHaveLength(1);
  await database.close();
  expect(await readNotes()).toEqual([{ id: 1 }]);
});

test('whoever asks a stopped database again and again leaves the process its turns', async () => {
  const { database, pool } = await openNotes();
  await pool
    .query(`do $$ begin raise exception 'no' using errcode = '53100'; end $$`)
    .catch(() => undefined);
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  for (let tries = 0; !turned && tries < 1_000; tries += 1) {
    await pool.query('select 1').catch(() => undefined);
  }
  expect(turned).toBe(true);
  await database.close();
});
