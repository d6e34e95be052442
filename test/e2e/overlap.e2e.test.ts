/** @module-tag all */
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { makeDue, makeWaiting } from './due-ticks.ts';
import { queryRecords } from './records.ts';
import { createWorld, freshKey, hasStack, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** A world whose sweeps take this long. */
function aBusyWorld(overlap: 'skip' | 'queue', sweepMs: number) {
  const fleet = [{ ...freshKey, fault: `latency=${sweepMs}ms` }];
  const often = { id: 'often', cron: '* * * * *', overlap };
  return createWorld({
    stack: 'postgres',
    fleet,
    source: { timeout: '2m' },
    config: { schedules: [often] },
  });
}

describe.skipIf(!hasStack('postgres'))('a tick that is due while the sweep before is open', () => {
  test('is opened as soon as that closes, with `overlap: queue`', async () => {
    world = await aBusyWorld('queue', 1_900);
    await makeWaiting(world, 'often', [6, 5, 4, 3, 2]);
    const running = world.launch(['start']);
    const gaps = await eventually(
      'five sweeps followed each other',
      async () => {
        const found = await queryRecords<{ gap: number }>(
          world,
          `select extract(epoch from opened_at - lag(closed_at) over (order by due_at))::float8 as gap
           from keysweep.sweep order by due_at`,
        );
        return found.length >= 5 ? found.slice(1).map(({ gap }) => gap) : undefined;
      },
      { deadlineMs: 60_000 },
    );
    // The minute's look would leave all but one of them to the next minutes.
    for (const gap of gaps) expect(gap).toBeLessThan(5);
    // A tick that is due meanwhile may wait too.
    expect(running.stderr).toMatch(/"waiting":[56],"msg":"ticks wait for the sweep before them/);
    expect((await running.end('SIGTERM')).code).toBe(0);
  });

  test('is skipped with a warning that names it, with `overlap: skip`', async () => {
    world = await aBusyWorld('skip', 60_000);
    await makeWaiting(world, 'often', [9]);
    const running = world.launch(['start', '--role', 'worker']);
    await eventually('the sweep runs', () => world.sandbox.requests.key > 0);
    await makeDue(world, 'often');
    const scheduler = world.launch(['start', '--role', 'scheduler']);
    await running.says('a tick was skipped');
    const line = running.stderr.split('\n').find((one) => one.includes('a tick was skipped')) ?? '';
    const { level, schedule, dueAt } = JSON.parse(line);
    expect({ level, schedule }).toEqual({ level: 'warn', schedule: 'often' });
    const outcome = `select outcome from keysweep.tick where due_at = $1`;
    expect(await queryRecords(world, outcome, [dueAt])).toEqual([{ outcome: 'skipped' }]);
    expect((await scheduler.end('SIGTERM')).code).toBe(0);
    expect((await running.end('SIGTERM')).code).toBe(0);
  });
});
