import { expect, test } from 'vitest';
import { splitEvents } from '../../../src/record/closing/split-events.ts';
import { aSweepEvent } from './a-closing.ts';

const ids = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);

function split(events: Parameters<typeof splitEvents>[0], before?: number) {
  const { taken, left } = splitEvents(events, 7, before);
  return { taken: ids(taken), left: ids(left) };
}

test('takes all events of findings that the sweep changed, and leaves other findings', () => {
  const events = [
    aSweepEvent('opened', 1, { sweepRow: 7 }),
    aSweepEvent('opened', 2, { sweepRow: 8 }),
    aSweepEvent('resolved', 1, { sweepRow: 8 }),
  ];
  expect(split(events)).toEqual({ taken: ['opened-1', 'resolved-1'], left: ['opened-2'] });
});

test('leaves the events of a finding from the first event of the other sweep on', () => {
  const events = [
    aSweepEvent('opened', 1, { sweepRow: 7 }),
    aSweepEvent('resolved', 1, { sweepRow: 9 }),
    aSweepEvent('reopened', 1, { sweepRow: 7 }),
    aSweepEvent('opened', 2, { sweepRow: 7 }),
  ];
  expect(split(events, 9)).toEqual({
    taken: ['opened-1', 'opened-2'],
    left: ['resolved-1', 'reopened-1'],
  });
});
