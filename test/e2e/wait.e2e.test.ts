/** @module-tag all */
import { afterEach, expect, test } from 'vitest';
import { createWorld, freshKey, staleKey, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

test('a sweep that waits for a rate-limited vendor says so, unless quiet', async () => {
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
