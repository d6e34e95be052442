/** @module-tag all */
import { afterEach, expect, test } from 'vitest';
import { createWorld, describeStacks, freshKey, staleKey, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

test('a sweep that waits for a rate-limited vendor says so, unless quiet', {
  tags: ['long'],
}, async () => {
  const fleet = [
    { ...staleKey, fault: '429' },
    { ...freshKey, fault: '429' },
  ];
  world = await createWorld({ fleet });
  const quiet = world.launch(['sweep', '--quiet']);
  const holding = world.launch(['sweep', '--output', 'report.txt']);
  await holding.says('keys still pending', 60_000);
  expect(holding.stderr).toMatch(
    /^keys still pending: 2 \(2 rate-limited\); deadline \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\n$/,
  );
  expect(quiet.stderr).toBe('');
  const stopped = 'stopped; the request continues with the next run of keysweep\n';
  for (const running of [quiet, holding]) {
    const { code, stderr } = await running.end('SIGTERM');
    expect(code).toBe(2);
    expect(stderr.endsWith(stopped)).toBe(true);
  }
});

describeStacks(
  'a source that asks to be left alone',
  ['embedded', 'postgres', 'redis'],
  (stack) => {
    test('is in the progress of the command that only waits', async () => {
      const fleet = [staleKey, freshKey].map((key) => ({ ...key, fault: '429=9000s' }));
      world = await createWorld({ stack, fleet });
      const start = world.launch(['start']);
      await start.says('keysweep is ready');
      for (const args of [['sweep'], ['audit', 'key_stale']]) {
        const waiting = world.launch(stack === 'embedded' ? args : [...args, '--no-worker']);
        await waiting.says('asked us to stay away', 20_000);
        expect(waiting.stderr).toMatch(
          /^source vendor asked us to stay away until (\d{4}-\d\d-\d\d )?\d\d:\d\dZ \(in \d h\); next try in 10 min\n$/,
        );
        await waiting.end('SIGTERM');
      }
      expect(world.sandbox.requests.key).toBeLessThanOrEqual(2);
      expect(start.stderr.split('a source asked us to stay away for long')).toHaveLength(2);
    });
  },
);
