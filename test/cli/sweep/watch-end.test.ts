import { expect, test } from 'vitest';
import { watchEnd } from '../../../src/cli/sweep/watch-end.ts';

const minute = 60_000;

/** What is said of a request whose state is this at these times. */
function said(...looks: readonly [at: number, sweepId: string | null, overdue?: boolean][]) {
  let at = 0;
  const end = watchEnd(() => at);
  return looks.map(([time, sweepId, overdue = false]) => {
    at = time;
    return end({ sweepId, overdue })?.split(':')[0];
  });
}

test('a request that no worker takes is waited for during ten minutes', () => {
  expect(said([0, null], [10 * minute - 1, null], [10 * minute, null])).toEqual([
    undefined,
    undefined,
    'no worker has taken the request for 10 minutes',
  ]);
});

test('an open sweep is waited for until three minutes after its deadline', () => {
  const late = 600 * minute;
  expect(
    said([0, 'a'], [late, 'a'], [late, 'a', true], [late + 3 * minute - 1, 'a', true]),
  ).toEqual([undefined, undefined, undefined, undefined]);
  expect(said([late, 'a', true], [late + 3 * minute, 'a', true])).toEqual([
    undefined,
    'the sweep passed its deadline 3 minutes ago and no worker closes it',
  ]);
});

test('a deadline that lies ahead again, as after a step of the clock, counts anew', () => {
  const looks = said(
    [0, 'a', true],
    [minute, 'a'],
    [2 * minute, 'a', true],
    [4 * minute, 'a', true],
  );
  expect(looks.at(-1)).toBeUndefined();
});

test('a holder of an earlier build, which does not tell the deadline, is waited for', () => {
  expect(watchEnd(() => 0)({ sweepId: 'a', overdue: undefined as never })).toBeUndefined();
});
