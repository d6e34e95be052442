/** @module-tag all */
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { queryRecords } from './records.ts';
import { createWorld, freshKey, hasStack, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** A sweep takes two seconds; its schedule is due every second. */
function aBusyWorld(overlap: 'skip' | 'queue') {
  const fleet = [{ ...freshKey, fault: 'latency=1900ms' }];
  const often = { id: 'often', cron: '* * * * * *', overlap };
  return createWorld({ stack: 'postgres', fleet, config: { schedules: [often] } });
}

describe.skipIf(!hasStack('postgres'))('a tick that is due while the sweep before is open', () => {
  test('is opened as soon as that closes, with `overlap: queue`', async () => {
    world = await aBusyWorld('queue');
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
    expect((await running.end('SIGTERM')).code).toBe(0);
  });

  test('is skipped with a warning that names it, with `overlap: skip`', async () => {
    world = await aBusyWorld('skip');
    const running = world.launch(['start']);
    await running.says('a tick was skipped');
    const line = running.stderr.split('\n').find((one) => one.includes('a tick was skipped')) ?? '';
    const { level, schedule, dueAt } = JSON.parse(line);
    expect({ level, schedule }).toEqual({ level: 'warn', schedule: 'often' });
    const outcome = `select outcome from keysweep.tick where due_at = $1`;
    expect(await queryRecords(world, outcome, [dueAt])).toEqual([{ outcome: 'skipped' }]);
    expect((await running.end('SIGTERM')).code).toBe(0);
  });
});
