import { expect, test } from 'vitest';
import { createProgress } from '../../src/timing/progress.ts';

test('is silent since its last sign, or since the end of the longest declared wait', () => {
  let now = 0;
  const progress = createProgress(() => now);
  now = 10;
  expect(progress.silentMs()).toBe(10);
  progress.note();
  expect(progress.silentMs()).toBe(0);
  progress.note(100);
  progress.note(20);
  now = 110;
  expect(progress.silentMs()).toBe(0);
  now = 111;
  expect(progress.silentMs()).toBe(1);
});
