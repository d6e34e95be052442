import { expect, test } from 'vitest';
import { planRestart } from '../../../src/app/processes/plan-restart.ts';

const second = 1_000;

test('the wait doubles from a second up to a minute while a process ends soon', () => {
  const waits: number[] = [];
  let endsInRow = 0;
  for (let end = 0; end < 9; end += 1) {
    const restart = planRestart(endsInRow, 5 * second);
    endsInRow = restart.endsInRow;
    waits.push(restart.waitMs / second);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('the wait is a second again after a run of a minute', () => {
  expect(planRestart(8, 60 * second)).toEqual({ waitMs: second, endsInRow: 1 });
  expect(planRestart(8, 60 * second - 1)).toEqual({ waitMs: 60 * second, endsInRow: 9 });
});

test('the wait is never over a minute, however often a process ends', () => {
  expect(planRestart(5_000, 0).waitMs).toBe(60 * second);
});
