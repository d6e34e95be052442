import { expect, test } from 'vitest';
import { planClock } from '../../../src/doctor/plan/plan-clock.ts';

const at = 1_000_000;
const reading = (otherMs: number, tookMs = 0, stepMs = 0) =>
  planClock('database', { otherMs, beforeMs: at, afterMs: at + tookMs, stepMs });

test.each([
  [at, 'ok'],
  [at + 2_000, 'ok'],
  [at - 2_000, 'ok'],
  [at + 2_001, 'warning'],
  [at - 2_001, 'warning'],
  [at + 60_000, 'warning'],
  [at - 60_000, 'warning'],
  [at + 60_001, 'failure'],
  [at - 60_001, 'failure'],
])('judges a clock that shows %i when it is 1000000 as %s', (otherMs, status) => {
  expect(reading(otherMs)).toMatchObject({ status });
});

test('does not take a slow answer for a wrong clock', () => {
  expect(reading(at, 9_000)).toMatchObject({ status: 'ok' });
  expect(reading(at + 9_000, 9_000)).toMatchObject({ status: 'ok' });
  expect(reading(at + 11_001, 9_000)).toMatchObject({ status: 'warning' });
  expect(reading(at - 2_001, 9_000)).toMatchObject({ status: 'warning' });
});

test('allows for a clock that shows whole seconds', () => {
  expect(reading(at - 3_000, 0, 1_000)).toMatchObject({ status: 'ok' });
  expect(reading(at - 3_001, 0, 1_000)).toMatchObject({ status: 'warning' });
});

test('says which clock is ahead, and how to mend it', () => {
  expect(reading(at + 90_000)).toEqual({
    check: 'database',
    status: 'failure',
    seen: "its clock is 90 s ahead of this machine's",
    mend: 'set both clocks by a time server (NTP)',
  });
  expect(reading(at - 2_500).seen).toBe("its clock is 2.5 s behind this machine's");
});
