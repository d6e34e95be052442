import { expect, test } from 'vitest';
import { usualFileWatch } from '../../../src/app/files/watch-files.ts';
import { neverRead, planLook, type Watched } from '../../../src/config/files/plan-look.ts';

/** Files stand still for two seconds before they are read. */
const { stillMs } = usualFileWatch;

/** Looks at these stamps, one after another; returns the instants at which files were read. */
function look(stamps: readonly (readonly [number, string])[], first: Watched = neverRead) {
  const read: number[] = [];
  let watched = first;
  for (const [nowMs, stamp] of stamps) {
    const planned = planLook(watched, { stamp, nowMs }, stillMs);
    watched = planned.due ? { ...planned.watched, read: stamp } : planned.watched;
    if (planned.due) read.push(nowMs);
  }
  return read;
}

test('reads a changed file once it has stood still for the time, and once', () => {
  const was = { read: 'a', seen: 'a', sinceMs: 0 };
  expect(
    look(
      [
        [5_000, 'b'],
        [6_999, 'b'],
      ],
      was,
    ),
  ).toEqual([]);
  expect(
    look(
      [
        [5_000, 'b'],
        [7_000, 'b'],
        [9_000, 'b'],
      ],
      was,
    ),
  ).toEqual([7_000]);
});

test('waits again after every change', () => {
  const was = { read: 'a', seen: 'a', sinceMs: 0 };
  const stamps = [
    [5_000, 'b'],
    [6_500, 'c'],
    [8_000, 'c'],
    [8_499, 'c'],
  ] as const;
  expect(look(stamps, was)).toEqual([]);
  expect(look([...stamps, [8_500, 'c']], was)).toEqual([8_500]);
});

test('reads nothing for a file that is back before it was read', () => {
  const was = { read: 'a', seen: 'a', sinceMs: 0 };
  expect(
    look(
      [
        [5_000, 'b'],
        [6_000, 'a'],
        [60_000, 'a'],
      ],
      was,
    ),
  ).toEqual([]);
});

test('reads a file that was never read as soon as it is known to stand still', () => {
  expect(
    look([
      [10, 'a'],
      [2_009, 'a'],
      [2_010, 'a'],
      [9_000, 'a'],
    ]),
  ).toEqual([2_010]);
});
