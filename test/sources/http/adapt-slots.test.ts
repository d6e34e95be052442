import { expect, test } from 'vitest';
import { adaptSlots } from '../../../src/sources/http/adapt-slots.ts';
import type { RequestOutcome } from '../../../src/sources/source-watch.ts';

/** Slots that are all held, and how many there are. `end` ends requests one after the other. */
function adapted() {
  let [size, now] = [0, 0];
  const slots = {
    take: async () => undefined,
    release: () => undefined,
    held: () => size,
    resize(to: number) {
      size = to;
    },
  };
  const requested = adaptSlots(slots, 100, () => now);
  const end = (count: number, outcome: RequestOutcome, ms: number) => {
    for (let one = 0; one < count; one += 1) {
      now += ms;
      requested(outcome, ms);
    }
    return size;
  };
  return { end };
}

test('has more slots held while answers come', () => {
  expect(adapted().end(30, '2xx', 50)).toBe(40);
});

test.each(['429', '5xx', 'timeout', 'failed'] as const)(
  'has fewer held after %s, however quick: that tells nothing of what an answer takes',
  (outcome) => {
    const { end } = adapted();
    expect(end(30, outcome, 1)).toBe(1);
    expect(end(500, '2xx', 50)).toBeGreaterThan(20);
  },
);
