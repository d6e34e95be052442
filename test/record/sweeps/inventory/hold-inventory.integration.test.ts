import { expect, test } from 'vitest';
import { alertHeld } from '../../../../src/record/sweeps/alert-held.ts';
import { compareInventory } from '../../../../src/record/sweeps/inventory/compare-inventory.ts';
import { openRequestedSweep, openTickSweep } from '../../../../src/record/sweeps/open-sweep.ts';
import { readRequestedFiles, writeRequest } from '../../../../src/record/sweeps/requests.ts';
import type { SweepInputs } from '../../../../src/record/sweeps/write-sweep.ts';
import { describePostgres, describeStores, type GetDatabase } from '../../stores.ts';
import {
  alerting,
  all,
  aSource,
  claim,
  close,
  findings,
  inputs,
  record,
  someKeys,
  sweep,
} from '../../world.ts';

/** Inputs that nobody has accepted. */
function unaccepted(keys: ReturnType<typeof someKeys>): SweepInputs {
  return { ...inputs(keys), replacesInventory: false };
}

const anHour = 3_600_000;

async function request(get: GetDatabase, using: SweepInputs, keys?: ReturnType<typeof someKeys>) {
  const id = await writeRequest(get(), { keys, reason: null, requestedBy: null }, null);
  return openRequestedSweep(get(), id, anHour, using);
}

async function tick(get: GetDatabase, using: SweepInputs) {
  const order = { trigger: 'schedule', overlap: 'skip', deadlineMs: anHour } as const;
  const due = { schedule: aSource(), dueAt: new Date('2026-11-23T02:30:00Z') };
  const opened = await openTickSweep(get(), { ...order, ...due }, using);
  if (typeof opened !== 'object') throw new Error(`the tick was not opened: ${opened}`);
  return opened;
}

const keysOf = async (get: GetDatabase, sweepId: string) =>
  (
    await all<{ key_id: string }>(
      get(),
      `select k.key_id from keysweep.sweep w join keysweep.sweep_key s on s.sweep_id = w.id
       join keysweep.tracked_key k on k.id = s.key_id where w.uuid = '${sweepId}' order by 1`,
    )
  ).map((row) => row.key_id);

describeStores('an inventory that drops tracked keys', (get) => {
  test('is used by ticks and requests as long as it drops 30 % of them', async () => {
    const keys = someKeys(10, aSource());
    await sweep(get(), inputs(keys));
    const opened = await tick(get, unaccepted(keys.slice(3)));
    expect(opened.held).toBeUndefined();
    expect(await keysOf(get, opened.sweepId)).toHaveLength(7);
    const requested = await request(get, unaccepted(keys.slice(4)));
    expect(await keysOf(get, requested?.sweepId ?? '')).toHaveLength(6);
  });

  test('is held by ticks if it drops more: they go on with the keys tracked before', async () => {
    const source = aSource();
    const keys = someKeys(10, source);
    await sweep(get(), inputs(keys), { key_9: { breaks: ['stale'] } });
    const opened = await tick(get, unaccepted(keys.slice(0, 6)));
    expect(opened.held).toMatchObject({ tracked: 10, kept: 6, listed: 6 });
    expect(await keysOf(get, opened.sweepId)).toHaveLength(10);
    const says = { key_9: { breaks: ['stale'] } };
    for (const { batch } of opened.batches) {
      await record(get(), await claim(get(), opened, batch), says);
    }
    await close(get(), opened.sweepId);
    expect(await findings(get(), source)).toEqual(['key_9 stale open']);
  });

  test('lets a request for a full sweep be refused with a line that names files and store', async () => {
    const keys = someKeys(3, aSource());
    await sweep(get(), inputs(keys));
    await expect(request(get, unaccepted(keys.slice(1)))).rejects.toThrow(
      /^the inventory \(keys.csv\) lacks 1 of the 3 tracked keys of the store, .*--replace-inventory$/,
    );
    await expect(request(get, unaccepted(someKeys(5, aSource())))).rejects.toThrow(
      /has no key in common with the 3 tracked keys/,
    );
  });

  test('does not keep a key that is still tracked from a re-audit', async () => {
    const keys = someKeys(3, aSource());
    await sweep(get(), inputs(keys));
    const opened = await request(get, unaccepted(keys.slice(0, 1)), keys.slice(2));
    expect(await keysOf(get, opened?.sweepId ?? '')).toEqual(['key_2']);
    expect(opened?.held).toBeDefined();
    const added = someKeys(4, keys[0]?.source).slice(2);
    await expect(request(get, unaccepted(added), added.slice(1))).rejects.toThrow(
      /^no key key_3 of source .* in use; the inventory \(keys.csv\) lacks 2 of the 3 tracked keys/,
    );
  });

  test('replaces the tracked keys once it is accepted, and is then the one in use', async () => {
    const source = aSource();
    const keys = someKeys(4, source);
    await sweep(get(), inputs(keys), { key_0: { breaks: ['stale'] } });
    await sweep(get(), { ...unaccepted(keys.slice(2)), replacesInventory: true });
    expect(await findings(get(), source)).toEqual(['key_0 stale resolved untracked']);
    expect((await tick(get, unaccepted(keys.slice(2)))).held).toBeUndefined();
    expect((await tick(get, unaccepted(keys))).held).toBeUndefined();
  });

  test('compares more keys than one statement reads', async () => {
    const keys = someKeys(10_001, aSource());
    await request(get, inputs(keys));
    const kept = keys.slice(0, 7_000);
    const { inventory } = unaccepted(kept);
    expect(await compareInventory(get().db, inventory)).toMatchObject({
      kind: 'held',
      held: { tracked: 10_001, kept: 7_000, listed: 7_000 },
    });
    expect(await compareInventory(get().db, inputs(keys.slice(0, 7_001)).inventory)).toEqual({
      kind: 'replaces',
    });
  });

  test('is alerted once to each channel, whoever finds it and however often', async () => {
    const keys = someKeys(3, aSource());
    await sweep(get(), inputs(keys));
    const using = unaccepted(keys.slice(1));
    const { held } = await tick(get, using);
    if (held === undefined) throw new Error('the inventory was not held');
    const told = () => alertHeld(get(), held, using, alerting);
    const all = await Promise.all([told(), told(), told()]);
    expect(all.flat().map(({ channel }) => channel)).toEqual(['siem', 'log']);
    const other = { ...held, hash: `${held.hash} too` };
    expect(await alertHeld(get(), other, using, alerting)).toHaveLength(2);
  });

  test('keeps what a request says about its files', async () => {
    const words = { keys: undefined, reason: null, requestedBy: null };
    const files = { policy: 'sha256:p', inventory: 'i', replacesInventory: true };
    const id = await writeRequest(get(), { ...words, files }, null);
    expect(await readRequestedFiles(get(), id)).toEqual(files);
    const plain = await writeRequest(get(), words, null);
    expect(await readRequestedFiles(get(), plain)).toEqual({
      policy: null,
      inventory: null,
      replacesInventory: false,
    });
  });
});

describePostgres('the first inventory of a store', (get) => {
  test('is never held', async () => {
    expect((await tick(get, unaccepted(someKeys(1, aSource())))).held).toBeUndefined();
  });
});
