import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { readJsonOutput } from './report.ts';
import { createWorld, staleKey, type World } from './world.ts';

/** Each closing of their sweep writes some MB. */
const fleet = Array.from({ length: 1_000 }, (_, at) => ({ ...staleKey, id: `key_${at}` }));
const megabyte = 1024 * 1024;
const full = 'has stopped, because its disk or quota is full';

let disk: SmallDisk;
let world: World;
beforeEach(async () => {
  disk = await mountSmallDisk(120);
  world = await createWorld({ fleet });
  await world.write({ config: { store: { url: `pglite:${join(disk.folder, 'store')}` } } });
});
afterEach(async () => {
  await world.close();
  await disk.remove();
});

interface Listed {
  readonly sweeps: readonly { readonly id: string; readonly status: string }[];
}
const sweeps = async () =>
  readJsonOutput<Listed>(await world.run(['sweeps', 'list', '--format', 'json'])).sweeps;

/** Sweeps until one meets the full disk, and returns how many ended well before. */
async function sweepUntilFull(): Promise<number> {
  for (let ended = 0; ; ended += 1) {
    const { code, stderr } = await world.run(['sweep']);
    if (code === 1) continue;
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/full|of free room/),
    });
    // A disk that became full after a sweep had ended does not let the next one open the store.
    expect(stderr).toMatch(/what was recorded is kept|cannot be used: its disk or quota is full/);
    return ended;
  }
}

/** With room again, every sweep that was begun is completed, and none of those before is lost. */
async function findEverything(ended: number): Promise<void> {
  await disk.empty();
  const { code, stderr } = await world.run(['sweep']);
  expect({ code, stderr }).toMatchObject({ code: 1 });
  const again = world.launch(['start']);
  await again.says('keysweep is ready');
  const completed = await eventually(
    'every sweep is complete',
    async () => {
      const all = await sweeps();
      return all.every(({ status }) => status === 'complete') && all.length;
    },
    { deadlineMs: 120_000, everyMs: 1_000 },
  );
  expect(completed).toBeGreaterThan(ended);
  expect((await again.end('SIGTERM')).code).toBe(0);
}

describe('the embedded store on a disk that becomes full', () => {
  test('ends `start` with a clear line and exit 2, and a later start loses nothing', async () => {
    const start = world.launch(['start']);
    await start.says('keysweep is ready');
    await disk.fill(4 * megabyte);
    const ended = await sweepUntilFull();
    const { code, signal, stderr } = await start.ended;
    expect({ code, signal }).toEqual({ code: 2, signal: null });
    expect(stderr).toContain(full);
    await findEverything(ended);
  });

  test('ends `sweep` in the same way', async () => {
    expect((await world.run(['sweep'])).code).toBe(1);
    await disk.fill(30 * megabyte);
    await findEverything(1 + (await sweepUntilFull()));
  });
});
