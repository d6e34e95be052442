/** @module-tag long */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { askBoth } from './both-verifiers.ts';
import { createWorld, type World } from './world.ts';

/** A night that a schedule opened, exported by the program that held it. */
interface ExportedNight {
  readonly world: World;
  /** From when its schedule was set, to when its sweep was told to the log. */
  readonly from: string;
  readonly to: string;
}

interface Told {
  readonly verdict: string;
  readonly problems: readonly { readonly code: string; readonly place: string }[];
  readonly ticks: { readonly due: number; readonly held: number };
  readonly notIncluded: readonly string[];
  readonly log: { readonly newest: string };
  readonly changes: readonly { readonly event: string; readonly at: string }[];
}

let night: ExportedNight;
beforeAll(async () => {
  night = await holdNight();
}, 240_000);
afterAll(() => night?.world.close());

/** Waits for a real tick, which takes a minute at most. */
async function holdNight(): Promise<ExportedNight> {
  const world = await createWorld();
  const keygen = ['evidence', 'keygen', '--output', join(world.folder, 'evidence.key')];
  expect((await world.run([...keygen, '--origin', 'keysweep/test'])).code).toBe(0);
  const schedules = [{ id: 'often', cron: '* * * * *' }];
  await world.write({ config: { evidence: { keyFile: 'evidence.key' }, schedules } });
  const started = world.launch(['start']);
  // A sweep at a first start has no tick, and the alert comes when a sweep has closed.
  const isHeld = () =>
    world.receiver.received.some(({ body }) => body.includes('"schedule":"often"'));
  await eventually('a sweep by the schedule', isHeld, { deadlineMs: 150_000, everyMs: 200 });
  expect((await started.end('SIGTERM')).code).toBe(0);

  const wide = await exportTo(world, 'wide', ['--from', '2026-01-01', '--to', '2099-12-31']);
  const { log, changes } = JSON.parse(
    (await verify(world, wide, '--format', 'json')).stdout,
  ) as Told;
  const from = changes.find(({ event }) => event === 'schedule-set')!.at;
  const period = ['--from', from, '--to', log.newest];
  await exportTo(world, 'night.tar.gz', period);
  await exportTo(world, 'night', period);
  await exportTo(world, 'one.tar.gz', [...period, '--only', 'vendor/key_stale']);
  return { world, from, to: log.newest };
}

async function exportTo(world: World, name: string, asked: readonly string[]): Promise<string> {
  const output = join(world.folder, name);
  const { code, stderr } = await world.run(['evidence', 'export', ...asked, '--output', output]);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return name;
}

/** Both programs, in the folder of the world. */
function verify({ folder }: World, pack: string, ...args: string[]) {
  return askBoth([pack, '--key', 'evidence.key.pub', ...args], folder);
}

async function told(pack: string, ...args: string[]) {
  const { code, stdout, stderr } = await verify(night.world, pack, '--format', 'json', ...args);
  expect(stderr).toBe('');
  return { code, ...(JSON.parse(stdout) as Told) };
}

describe('a night that the program held and exported', () => {
  test.each(['night', 'night.tar.gz', 'one.tar.gz'])('holds, in %s', async (pack) => {
    const { code, verdict, problems, ticks } = await told(pack);
    expect({ code, verdict, problems }).toEqual({ code: 0, verdict: 'holds', problems: [] });
    expect(ticks.due).toBeGreaterThanOrEqual(1);
    expect(ticks.held).toBe(ticks.due);
  });

  test('is the same bytes again', async () => {
    const { world, from, to } = night;
    await exportTo(world, 'again.tar.gz', ['--from', from, '--to', to]);
    const read = (name: string) => readFile(join(world.folder, name));
    expect((await read('again.tar.gz')).equals(await read('night.tar.gz'))).toBe(true);
  });

  test('is not all of a longer time', async () => {
    const { code, verdict, problems } = await told('wide');
    expect({ code, verdict }).toEqual({ code: 3, verdict: 'incomplete' });
    expect(new Set(problems.map((one) => one.code))).toEqual(new Set(['not-covered']));
    expect((await told('night', '--to', '2099-12-31')).code).toBe(3);
  });

  test('is found changed, whichever of its files was edited', async () => {
    const { folder } = night.world;
    const files = (await readdir(join(folder, 'night'), { recursive: true, withFileTypes: true }))
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name));
    expect(files.length).toBeGreaterThan(8);
    for (const file of files) {
      const edited = join(folder, 'edited');
      await cp(join(folder, 'night'), edited, { recursive: true });
      const path = file.replace(join(folder, 'night'), edited);
      const bytes = await readFile(path);
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(path, bytes);
      const { code } = await verify(night.world, 'edited');
      expect([file, code === 1 || code === 2]).toEqual([file, true]);
      await rm(edited, { recursive: true });
    }
  });

  test('needs a key from outside', async () => {
    const { code, stdout, stderr } = await askBoth(['night'], night.world.folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^name whom you trust .*\n$/);
  });
});
