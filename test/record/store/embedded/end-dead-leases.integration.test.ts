import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Config } from '../../../../src/config/config.ts';
import { openStoreBackend } from '../../../../src/queue/backend.ts';
import type { Database } from '../../../../src/record/store/database.ts';
import { openStore } from '../../../../src/record/store/open-store.ts';
import { noSecrets } from '../../../queue/no-secrets.ts';
import { eventually } from '../../../support/eventually.ts';
import { anAlert } from '../../an-alert.ts';
import { claim, inputs, one, open, someKeys } from '../../world.ts';

/** Longer than the test may take. */
const longMs = 600_000;
const queue = 'keysweep-audits';

let folder: string;
const closers: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ks-dead-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

async function openHere(): Promise<Database> {
  const config = { store: { kind: 'embedded', folder } } as unknown as Config;
  const events = { connectionLost: () => undefined };
  const opened = await openStore(config, noSecrets, createServer(), events);
  if (opened.kind === 'taken') throw new Error('somebody holds the store');
  closers.push(() => opened.close());
  return opened.database;
}

/** Starts a worker that takes jobs under long locks; returns the ids of those that it took. */
function work(database: Database, ends: Promise<void>): string[] {
  const taken: string[] = [];
  const run = async (job: { readonly id?: string | undefined }) => {
    taken.push(String(job.id));
    await ends;
  };
  const tuning = { lockDuration: longMs, stalledInterval: longMs };
  const worker = openStoreBackend(database).createWorker(queue, run, tuning);
  worker.on('error', () => undefined);
  // By force: a process that dies gives nothing back.
  closers.push(() => worker.close(true));
  return taken;
}

test('what a process that died was doing is taken up as soon as the store is opened again', async () => {
  const died = await openHere();
  const jobs = openStoreBackend(died).createQueue(queue);
  const { id = '' } = await jobs.add('audit', {});
  await jobs.close();
  const taken = work(died, new Promise(() => undefined));
  await eventually('the job was taken', () => taken.includes(id));
  const sweep = await open(died, inputs(someKeys(1)));
  await claim(died, sweep, 0, longMs);
  const leased = new Date(Date.now() + longMs);
  await anAlert(died, { channel: 'siem', leased_until: leased });
  await expect(claim(died, sweep)).rejects.toThrow();
  for (const close of closers.splice(0).reverse()) await close();

  const next = await openHere();
  expect((await claim(next, sweep)).keys).toHaveLength(1);
  expect(await one(next, 'select leased_until <= now() as free from keysweep.alert')).toEqual({
    free: true,
  });
  const again = work(next, Promise.resolve());
  await eventually('the job is taken again', () => again.includes(id));
});
