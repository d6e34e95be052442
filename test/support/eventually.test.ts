import { expect, test } from 'vitest';
import { eventually } from './eventually.ts';

test('returns what was seen as soon as it is truthy', async () => {
  let looks = 0;
  const look = () => {
    looks += 1;
    return looks === 3 ? 'seen' : '';
  };
  expect(await eventually('the third look', look, { everyMs: 1 })).toBe('seen');
  expect(looks).toBe(3);
});

test('takes a look that throws as “not yet”, and names it past the deadline', async () => {
  const look = () => {
    throw new TypeError('no such row');
  };
  const waiting = eventually('the row is there', look, { deadlineMs: 5, everyMs: 1 });
  await expect(waiting).rejects.toThrow(
    'not within 5 ms: the row is there (last seen: TypeError: no such row)',
  );
});
