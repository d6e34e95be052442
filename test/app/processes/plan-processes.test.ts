import { expect, test } from 'vitest';
import { planProcesses } from '../../../src/app/processes/plan-processes.ts';

test.each([
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 2],
  [5, 2],
  [127, 63],
  [128, 64],
  [512, 64],
])('on %i cores, auto is %i', (cores, processes) => {
  expect(planProcesses('auto', cores)).toBe(processes);
});

test('a number counts whatever the machine has', () => {
  expect(planProcesses(1, 64)).toBe(1);
  expect(planProcesses(8, 2)).toBe(8);
});
