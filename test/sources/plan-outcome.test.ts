import { expect, test } from 'vitest';
import { noHistory } from '../../src/evaluate/history/history.ts';
import { newKey } from '../../src/evaluate/history/key-state.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import type { PendingKey } from '../../src/record/store/claimed-batch.ts';
import type { Answer } from '../../src/sources/key-source.ts';
import {
  planAway,
  planOutcome,
  planRefused,
  planSourceWait,
} from '../../src/sources/plan-outcome.ts';

const now = new Date('2026-11-23T02:30:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const key = { source: 'vendor', keyId: 'key_1', owner: null, environment: null };

function pendingAfter(attempts: number): PendingKey {
  return {
    row: 1,
    entry: 1,
    entryHash: Buffer.alloc(32),
    attempts,
    key: { ...key, approvedScopes: null, tags: [] },
    memory: newKey().memory,
    history: noHistory,
  };
}

function plan(attempts: number, answer: Answer) {
  const policy = compilePolicy({ version: '1', rules: [], waivers: [] });
  const terms = { policy, asOf: now, now, usageLagMs: 0, attempts: 3, patient: false };
  return planOutcome([{ pending: pendingAfter(attempts), answer }], terms);
}

const down: Answer = { kind: 'unanswered', reason: 'unreachable', detail: 'no', counts: true };
const slowDown: Answer = {
  kind: 'unanswered',
  reason: 'rate-limited',
  detail: 'HTTP 429',
  counts: false,
  retryAt: later(7_000),
};

test('a key is asked again until its last attempt is used up, and is unknown then', () => {
  expect(plan(1, down)).toMatchObject({ judged: [], unanswered: [{ attempts: 2 }] });
  expect(plan(2, down)).toMatchObject({
    judged: [{ observation: { kind: 'unknown', reason: 'unreachable', at: now } }],
    unanswered: [],
  });
});

test('to be told to slow down uses up no attempt, and says how long to wait', () => {
  expect(plan(2, slowDown)).toMatchObject({
    judged: [],
    unanswered: [{ attempts: 2 }],
    retryInMs: 7_000,
  });
});

test('a wait that passed while the rest of the batch was asked is not waited for again', () => {
  const answered = (retryAt: Date) => plan(0, { ...slowDown, retryAt }).retryInMs;
  expect(answered(later(1_500))).toBe(1_500);
  expect(answered(later(-9_000))).toBe(1_000);
});

test('a source that is away is probed when what is left of its wait is over', () => {
  const answer: Answer = { ...slowDown, awayMs: 86_400_000 };
  const wait = planSourceWait([{ pending: pendingAfter(0), answer }], later(4_000));
  expect(wait).toMatchObject({ awayMs: 86_400_000, probeInMs: 3_000 + 2_000 });
  const away = { reason: 'rate-limited', detail: 'HTTP 429', retryInMs: 5_000 } as const;
  const others = planAway(pendingAfter(0), away, now);
  expect(plan(0, others.answer)).toMatchObject({ retryInMs: 5_000, unanswered: [{ attempts: 0 }] });
});

test('one key that is refused does not speak for its source; a refused token does', () => {
  const observation = { kind: 'unknown', at: now, reason: 'unauthorized', detail: '401' } as const;
  const refused = (refusesAll: boolean) => plan(0, { kind: 'observed', observation, refusesAll });
  expect(refused(false)).toMatchObject({ judged: [{}], sourceRefused: false });
  expect(refused(true)).toMatchObject({ judged: [{}], sourceRefused: true });
  const { answer } = planRefused(pendingAfter(0), now);
  expect(answer).toMatchObject({ observation: { reason: 'unauthorized' } });
});
