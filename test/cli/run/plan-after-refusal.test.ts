import { expect, test } from 'vitest';
import { planAfterRefusal } from '../../../src/cli/run/plan-after-refusal.ts';

test.each(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EAI_AGAIN', 'ClusterAllFailedError'])(
  'starts although the server cannot be reached (%s), because it may come back',
  (code) => expect(planAfterRefusal(code, 0)).toBe('start'),
);

test.each(['READONLY', 'OOM', 'NOPERM', 'CROSSSLOT', 'WRONGPASS', 'NOAUTH', 'EVICTS', 'ERR'])(
  'fails if the server refuses the work (%s)',
  (word) => expect(planAfterRefusal(word, 0)).toBe('fail'),
);

test('waits for a server that loads its data, for a minute', () => {
  expect(planAfterRefusal('LOADING', 59_999)).toBe('again');
  expect(planAfterRefusal('LOADING', 60_000)).toBe('fail');
});
