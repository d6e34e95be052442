import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  aheadMs,
  allFree,
  graceMs,
  longestHoldMs,
  planHold,
  planPermits,
} from '../../../src/sources/limit/plan-permits.ts';

const night = { wanted: 1, urgent: false };
const reAudit = { wanted: 1, urgent: true };
const start = 1_000_000;

test('gives the first permit at once, and the next an interval later', () => {
  const first = planPermits(allFree, 100, night, start);
  expect(first.answer).toEqual({ given: 1, inMs: 0 });
  const early = planPermits(first.state, 100, night, start + 49);
  expect(early.answer).toEqual({ given: 0, inMs: 1 });
  const next = planPermits(early.state, 100, night, start + 50);
  expect(next.answer).toEqual({ given: 1, inMs: 50 });
});

test('gives as many as are wanted, and none further ahead than it may', () => {
  expect(planPermits(allFree, 10, { wanted: 3, urgent: false }, start).answer.given).toBe(3);
  const { state, answer } = planPermits(allFree, 10, { wanted: 1_000, urgent: false }, start);
  expect(answer).toEqual({ given: 1 + aheadMs / 10, inMs: 0 });
  expect(state.freeAt - start).toBe(aheadMs + 10);
});

test('the night waits while a re-audit waits, and a little longer', () => {
  const { state } = planPermits(allFree, 1_000, night, start);
  const refused = planPermits(state, 1_000, reAudit, start + 100);
  const until = start + 1_000 - aheadMs;
  expect(refused.answer).toEqual({ given: 0, inMs: until - start - 100 });
  expect(planPermits(refused.state, 1_000, night, until).answer).toEqual({
    given: 0,
    inMs: graceMs,
  });
  expect(planPermits(refused.state, 1_000, reAudit, until).answer.given).toBe(1);
  // It did not come back.
  expect(planPermits(refused.state, 1_000, night, until + graceMs).answer.given).toBe(1);
});

test('a hold keeps everybody waiting, for as long as the longest one', () => {
  const held = planHold(planHold(allFree, 5_000, start), 1_000, start);
  for (const asked of [night, reAudit]) {
    expect(planPermits(held, 10, asked, start).answer).toEqual({ given: 0, inMs: 5_000 - aheadMs });
    expect(planPermits(held, 10, asked, start + 5_000).answer).toEqual({ given: 1, inMs: 0 });
  }
});

test('what a clock that was set back left in the future holds nobody', () => {
  const old = planHold(allFree, longestHoldMs * 2, start);
  expect(planPermits(old, 10, night, start).answer.given).toBe(0);
  const back = start - 1;
  expect(planPermits(old, 0.5, night, back).answer).toEqual({ given: 1, inMs: 0 });
  const urgent = planPermits(old, 10, reAudit, start).state;
  expect(planPermits(urgent, 0.5, night, back - 60_000).answer.given).toBe(1);
});

test('whoever asks when and for how many: permits are an interval apart', () => {
  const asking = fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 400 }),
      wanted: fc.integer({ min: 1, max: 30 }),
      urgent: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(asking, fc.double({ min: 0.01, max: 300, noNaN: true }), (asked, intervalMs) => {
      let [state, now, before] = [allFree, start, Number.NEGATIVE_INFINITY];
      for (const { afterMs, ...one } of asked) {
        now += afterMs;
        const planned = planPermits(state, intervalMs, one, now);
        state = planned.state;
        const { given, inMs } = planned.answer;
        if (given === 0) {
          expect(inMs).toBeGreaterThan(0);
          continue;
        }
        expect(inMs).toBeLessThanOrEqual(aheadMs);
        expect(now + inMs - before).toBeGreaterThan(intervalMs - 1e-6);
        before = now + inMs + (given - 1) * intervalMs;
        expect(before - now).toBeLessThanOrEqual(aheadMs + 1e-6);
      }
    }),
  );
});
