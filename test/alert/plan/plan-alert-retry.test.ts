import { expect, test } from 'vitest';
import { planAlertRetry, type RetryableAlert } from '../../../src/alert/plan/plan-alert-retry.ts';

const failed: RetryableAlert = {
  id: 'a',
  channel: 'siem',
  format: 'json',
  state: 'failed',
  overtaken: false,
};
const formats = new Map([
  ['siem', 'json'],
  ['oncall', 'pagerduty'],
]);
const plan = (difference: Partial<RetryableAlert>) =>
  planAlertRetry({ ...failed, ...difference }, formats);

test('requeues a failed alert, and hurries a pending one', () => {
  expect(plan({})).toEqual({ kind: 'requeue' });
  expect(plan({ state: 'pending' })).toEqual({ kind: 'hurry' });
});

test.each<[string, Partial<RetryableAlert>, RegExp]>([
  ['what was delivered', { state: 'delivered' }, /it was delivered/],
  ['what a newer alert replaced', { state: 'superseded' }, /a newer alert took its place/],
  ['what goes to a channel that is gone', { channel: 'old' }, /has no channel old any more/],
  ['what is written otherwise', { format: 'slack' }, /written for slack; channel siem takes json/],
  ['a late heartbeat', { format: 'heartbeat' }, /an old state/],
  [
    'what would undo later news of an incident',
    { format: 'pagerduty', channel: 'oncall', overtaken: true },
    /later news of the same incident/,
  ],
])('refuses %s', (_what, difference, why) => {
  expect(plan(difference)).toEqual({ kind: 'refuse', why: expect.stringMatching(why) });
});

test('requeues an overtaken alert to a channel without incidents', () => {
  expect(plan({ overtaken: true })).toEqual({ kind: 'requeue' });
  expect(plan({ format: 'pagerduty', channel: 'oncall' })).toEqual({ kind: 'requeue' });
});

test('hurries a pending alert to a channel of another process', () => {
  expect(plan({ state: 'pending', channel: 'theirs' })).toEqual({ kind: 'hurry' });
});
