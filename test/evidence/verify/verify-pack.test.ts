import { expect, test } from 'vitest';
import { afterNight, nightAt, nights, packOf, start, verify } from './scenes.ts';

test.each([1, 2, 7, 500])('holds for %i nights', async (count) => {
  const { problems, verdict, found } = await verify(packOf(nights(count), count));
  expect(problems).toEqual([]);
  expect(verdict).toBe('holds');
  expect(found?.ticks).toEqual({
    ...{ due: count, held: count, late: 0, missed: 0, skipped: 0, pending: 0, unexplained: 0 },
  });
  expect(found?.sweeps).toMatchObject({ count, complete: count, incomplete: 0 });
  expect(found?.log).toEqual({ first: start, newest: afterNight(count - 1, 600_000) });
});

test('asks for a part of the period of the pack', async () => {
  const files = packOf(nights(7), 7);
  const { verdict, found } = await verify(files, { from: nightAt(2), to: nightAt(4) });
  expect(verdict).toBe('holds');
  expect(found?.ticks).toMatchObject({ due: 2, held: 2 });
  expect(found?.sweeps.count).toBe(2);
});
