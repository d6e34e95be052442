import { expect, test } from 'vitest';
import type { Judgement, Unjudged } from '../../../src/evaluate/judgement.ts';
import { readJudgement, storeJudgement } from '../../../src/record/store/stored-judgement.ts';

function aJudgement(...unjudged: Unjudged[]): Judgement {
  return { verdict: 'unknown', violations: [], unjudged, known: false, waiverChanges: [] };
}

test('nothing is stored for a key that passes', () => {
  expect(storeJudgement({ ...aJudgement(), verdict: 'pass' })).toBeNull();
});

test.each<[Unjudged, readonly unknown[]]>([
  [
    { rule: null, reason: 'timeout', fields: [], because: { said: 'no whole answer in time' } },
    [null, 'timeout', 'no whole answer in time'],
  ],
  [
    { rule: 'old', reason: 'field-unreadable', fields: ['createdOn'], because: 'unreadable' },
    ['old', 'field-unreadable', ['createdOn']],
  ],
  [
    { rule: 'stale', reason: 'field-unreadable', fields: ['lastUsed'], because: 'in-future' },
    ['stale', 'field-unreadable', ['lastUsed'], 'in-future'],
  ],
  [
    { rule: null, reason: 'missing', fields: [], because: 'no-missing-rule' },
    [null, 'missing', [], 'no-missing-rule'],
  ],
])('an unknown is stored in few bytes and read as it was: %j', (unjudged, kept) => {
  const stored = storeJudgement(aJudgement(unjudged));
  expect(stored).toEqual({ u: [kept] });
  expect(readJudgement(stored)).toEqual({ violations: [], unjudged: [unjudged] });
});
