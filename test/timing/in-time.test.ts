import { expect, test } from 'vitest';
import { inTime } from '../../src/timing/in-time.ts';

test('work that ends in time ends as it does', async () => {
  expect(await inTime(Promise.resolve(1), 1_000)).toBe(1);
  await expect(inTime(Promise.reject(new Error('broken')), 1_000)).rejects.toThrow('broken');
});

test('work that does not end in time is given up', async () => {
  const forever = new Promise<never>(() => undefined);
  await expect(inTime(forever, 1)).rejects.toMatchObject({ name: 'TimedOut' });
});
