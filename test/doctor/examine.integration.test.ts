import { chmodSync, existsSync } from 'node:fs';
import { sql } from 'kysely';
import pino from 'pino';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';
import { openPostgresDatabase } from '../../src/record/store/database.ts';
import { claimBatch } from '../../src/record/sweeps/claim-batch.ts';
import { sandboxCredentials } from '../../src/sandbox/create-sandbox.ts';
import { goodConfig, readGood } from '../config/workspace.ts';
import { inputs, open, someKeys } from '../record/world.ts';
import { fleetKey, sandboxWith } from '../sources/flexcharge/source-for.ts';
import { freshDatabase } from '../support/postgres.ts';

const schedule = 'schedules: [{ id: nightly, cron: "30 2 * * *", timezone: UTC }]\n';

/** The doctor of a configuration with this store and a vendor that is well. */
async function doctorOf(storeUrl: string) {
  const sandbox = await sandboxWith({ fleet: [fleetKey({ id: 'key_1' })] });
  const text = goodConfig
    .replace('environment: production', `baseUrl: ${sandbox.url}`)
    .replace('key-of-app', sandboxCredentials.appKey)
    .replace('appSecret: secret-of-app', 'appSecretFile: app-secret');
  const { config, secrets, secretFiles } = await readGood({
    files: {
      'config/keysweep.yaml': `${text}store: { url: "${storeUrl}" }\n${schedule}`,
      'config/app-secret': sandboxCredentials.appSecret,
    },
  });
  const [secretFile = ''] = secretFiles;
  chmodSync(secretFile, 0o600);
  const look = async (now = () => new Date()) => {
    const log = pino({ enabled: false });
    const lines = await examine({ config, secrets, secretFiles, log, now, sends: false });
    return Object.fromEntries(lines.map((line) => [`${line.group}: ${line.check}`, line]));
  };
  return { secretFile, look };
}

/** The same with a database that is well too. */
async function world() {
  const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
  onTestFinished(() => fresh.drop());
  const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
  onTestFinished(() => database.close());
  return { database, ...(await doctorOf(fresh.url)) };
}

describe.skipIf(inject('databaseUrl') === undefined)('keysweep doctor', () => {
  test('compares the clocks of the database and of the vendor with this one', async () => {
    const { look } = await world();
    const right = await look();
    expect(right['clocks: database']?.status).toBe('ok');
    expect(right['sources: prod: clock']?.status).toBe('ok');
    const slow = await look(() => new Date(Date.now() - 120_000));
    const ahead = { status: 'failure', seen: expect.stringMatching(/ 1[12]\d s ahead of this/) };
    expect(slow['clocks: database']).toMatchObject(ahead);
    expect(slow['sources: prod: clock']).toMatchObject(ahead);
    expect(slow['sources: prod']).toMatchObject({
      ...{ status: 'ok', seen: 'signed in and read key key_1' },
    });
  });

  test('says of a new store what it has, and what has not happened yet', async () => {
    const { look, secretFile } = await world();
    const found = await look();
    const ok = { status: 'ok', mend: null };
    expect(found).toMatchObject({
      'store: store': ok,
      'store: writing': { ...ok, seen: 'a row was written' },
      'store: version': { ...ok, seen: expect.stringMatching(/^PostgreSQL \d+/) },
      'store: rights': ok,
      'store: settings': { ...ok, seen: 'the encoding of the database is UTF8' },
      'queue: queue': { ...ok, seen: 'it is in PostgreSQL' },
      'schedules: nightly: next': { ...ok, seen: expect.stringMatching(/ 02:30:00Z, /) },
      'schedules: nightly: last sweep': { status: 'warning', seen: 'it has had no sweep yet' },
      'work: leases': ok,
      'work: deadlines': ok,
      [`secret files: ${secretFile}`]: { ...ok, seen: 'mode 0600' },
    });
  });

  test('finds work that nobody does, and a file of a secret that others may read', async () => {
    const { database, look, secretFile } = await world();
    const { sweepId } = await open(database, inputs(someKeys(1)));
    await claimBatch(database, sweepId, 0, 20_000);
    await sql`
      with late as (update keysweep.sweep set deadline_at = now() - interval '4 minutes')
      update keysweep.sweep_batch set leased_until = now() - interval '4 minutes'
    `.execute(database.db);
    chmodSync(secretFile, 0o644);
    expect(await look()).toMatchObject({
      'work: leases': { status: 'warning', seen: 'the worker is gone of 1 batch' },
      'work: deadlines': { status: 'warning', seen: '1 open sweep is past the deadline' },
      [`secret files: ${secretFile}`]: { status: 'warning', mend: `chmod 600 ${secretFile}` },
    });
  });
});

test('keysweep doctor makes no embedded store, and says what room it will have', async () => {
  const { look } = await doctorOf('pglite:store');
  const found = await look();
  expect(found).toMatchObject({
    'store: store': { status: 'ok', seen: 'no store yet; the first sweep makes it' },
    'store: room': { seen: expect.stringMatching(/^\d+ MB free for \/.+\/config\/store$/) },
    'queue: queue': { status: 'ok', seen: 'it will be in the store' },
    'clocks: database': { status: 'ok' },
    'schedules: nightly: last sweep': { status: 'warning', seen: 'it has had no sweep yet' },
    'work: leases': { status: 'ok', seen: 'no work yet' },
  });
  const [, folder = ''] = found['store: room']?.seen.split(' free for ') ?? [];
  expect(existsSync(folder)).toBe(false);
});
