import { expect, test } from 'vitest';
import { watchStall } from '../../../src/cli/sweep/watch-stall.ts';
import type { PendingKeys } from '../../../src/record/reads/read-pending.ts';
import type { RequestProgress } from '../../../src/record/sweeps/requests.ts';

const ordinary: RequestProgress = {
  refused: null,
  sweepId: 's1',
  tracked: 60,
  judged: 2,
  closed: false,
  pendingAlerts: 0,
  overdue: false,
  waits: null,
};
const pending: PendingKeys = {
  deadlineAt: new Date('2026-11-23T17:35:00.250Z'),
  reasons: [
    { reason: 'rate-limited', keys: 57 },
    { reason: null, keys: 1 },
  ],
};
const words =
  'keys still pending: 58 (57 rate-limited, 1 without an answer yet); deadline 2026-11-23 17:35:00Z';

type Difference = Partial<RequestProgress>;

/** A wait, looked at so many seconds after its beginning. */
function aWait(answer?: PendingKeys) {
  let seconds = 0;
  let reads = 0;
  const read = async () => {
    reads += 1;
    return answer;
  };
  const look = watchStall(read, () => seconds * 1_000);
  const at = (second: number, difference: Difference = {}) => {
    seconds = second;
    return look({ ...ordinary, ...difference });
  };
  return { at, reads: () => reads };
}

test('nothing is said until nothing has happened for twenty seconds', async () => {
  const { at, reads } = aWait(pending);
  expect(await at(0)).toBeUndefined();
  expect(await at(19.9)).toBeUndefined();
  expect(reads()).toBe(0);
  expect(await at(20)).toEqual({ words, fresh: true });
});

test('it is said again once a minute, and read as seldom', async () => {
  const { at, reads } = aWait(pending);
  await at(0);
  expect(await at(20)).toMatchObject({ fresh: true });
  expect(await at(79.9)).toEqual({ words, fresh: false });
  expect(reads()).toBe(1);
  expect(await at(80)).toMatchObject({ fresh: true });
  expect(reads()).toBe(2);
});

test('progress ends it; what is said after is of then, and no sooner than a minute later', async () => {
  const { at } = aWait(pending);
  await at(0);
  await at(20);
  expect(await at(21, { judged: 3 })).toBeUndefined();
  expect(await at(40.9, { judged: 3 })).toBeUndefined();
  const later = await at(41, { judged: 3 });
  expect(later).toMatchObject({ fresh: false, words: expect.stringContaining('pending: 57 (') });
  expect(await at(80, { judged: 3 })).toMatchObject({ fresh: true });
});

test.each<[string, Difference, RegExp]>([
  ['no worker opens it', { sweepId: null }, /^the sweep is not open yet: no worker has taken/],
  ['it is only to be closed', { judged: 60 }, /^every key has its verdict; the sweep is not cl/],
  ['the holder is older and cannot say why', {}, /^keys still pending: 58$/],
])('the words say when %s', async (_what, difference, said) => {
  const { at } = aWait();
  await at(0, difference);
  expect((await at(20, difference))?.words).toMatch(said);
});
