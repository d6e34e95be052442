import { expect, test } from 'vitest';
import { evaluate } from '../../../src/evaluate/evaluate.ts';
import { advance } from '../../../src/evaluate/history/advance.ts';
import type { History } from '../../../src/evaluate/history/history.ts';
import { notStored } from '../../../src/evaluate/history/key-outcome.ts';
import { historyOf, type KeyState, newKey } from '../../../src/evaluate/history/key-state.ts';
import { compilePolicy } from '../../../src/evaluate/policy/compile-policy.ts';
import type { Policy, PolicyRule } from '../../../src/evaluate/policy/policy.ts';
import type { Waiver } from '../../../src/evaluate/waivers/waiver.ts';
import type { Observation } from '../../../src/keys/observation.ts';
import { ago, aKey, aPolicy, day, details, hour, missingRule, staleRule } from '../world.ts';

const woke: PolicyRule = {
  ...{ id: 'woke', severity: 'high', controls: [] },
  ...{ type: 'reawakened', dormant: 60 * day },
};
const impossible: PolicyRule = {
  ...{ id: 'impossible', severity: 'high', controls: [] },
  type: 'impossible-metadata',
};

type Night = readonly [
  daysAgo: number,
  seen: Parameters<typeof details>[0] | 'missing' | 'unknown',
];

function observe([daysAgo, seen]: Night): Observation {
  const at = ago(daysAgo * day);
  if (seen === 'missing') return { kind: 'missing', at };
  if (seen === 'unknown') return { kind: 'unknown', at, reason: 'unreachable', detail: '' };
  return { kind: 'present', at, details: details({ createdOn: ago(400 * day), ...seen }) };
}

/** What is kept after these nights, each judged with what was known before it. */
function stateAfter(policy: Policy, ...nights: Night[]): KeyState {
  const compiled = compilePolicy(policy);
  return nights.reduce((state, night) => {
    const observation = observe(night);
    const asOf = observation.at;
    const judgedWith = historyOf(state, policy);
    const input = { observation, key: aKey(), policy: compiled, asOf, usageLagMs: 0 };
    const judgement = evaluate({ ...input, history: judgedWith });
    const observed = { observation, judgement, policy, asOf, now: asOf, judgedWith };
    return advance(state, { kind: 'observed', ...observed, stored: notStored }).next;
  }, newKey());
}

/** What is known after these nights. */
function historyAfter(policy: Policy, ...nights: Night[]): History {
  return historyOf(stateAfter(policy, ...nights), policy);
}

test('each field has its last readable value', () => {
  const history = historyAfter(
    aPolicy(staleRule()),
    [3, { type: 'secret', lastFour: '1111', lastUsed: ago(4 * day) }],
    [2, { type: 'public', lastFour: undefined, lastUsed: undefined, createdOn: undefined }],
    [1, 'unknown'],
  );
  expect(history).toMatchObject({ type: 'public', lastFour: '1111', createdOn: ago(400 * day) });
  expect(history).toMatchObject({ lastUsed: ago(4 * day), lastUsedAt: ago(3 * day) });
});

test('an invalid date counts as unreadable', () => {
  const nonsense = new Date(Number.NaN);
  const policy = aPolicy(staleRule());
  const history = historyAfter(
    policy,
    [2, { lastUsed: ago(3 * day) }],
    [1, { lastUsed: nonsense, createdOn: nonsense }],
  );
  expect(history).toMatchObject({ lastUsed: ago(3 * day), lastUsedAt: ago(2 * day) });
  expect(history.createdOn).toEqual(ago(400 * day));
});

test('“never used” is a value that was read', () => {
  const history = historyAfter(aPolicy(staleRule()), [2, { lastUsed: null }]);
  expect(history).toMatchObject({ lastUsed: null, lastUsedAt: ago(2 * day) });
  expect(historyAfter(aPolicy(staleRule()), [2, 'missing'])).toMatchObject({
    lastUsed: undefined,
    lastUsedAt: undefined,
  });
});

test('the first scopes are those of the first observation in which they could be read', () => {
  const history = historyAfter(
    aPolicy(staleRule()),
    [4, { scopes: undefined }],
    [3, { scopes: ['a'] }],
    [2, { scopes: ['a', 'b'] }],
  );
  expect(history.firstScopes).toEqual(['a']);
});

test('knownAt is the newest sweep with a verdict other than unknown', () => {
  const nights: Night[] = [
    [4, { lastUsed: ago(5 * day) }],
    [3, 'unknown'],
    [2, { lastUsed: undefined }],
  ];
  expect(historyAfter(aPolicy(staleRule()), ...nights).knownAt).toEqual(ago(4 * day));
  const withMissing = aPolicy(staleRule(), missingRule());
  expect(historyAfter(withMissing, ...nights, [1, 'missing']).knownAt).toEqual(ago(day));
  expect(historyAfter(aPolicy(staleRule()), [3, 'unknown']).knownAt).toBeUndefined();
});

const asleep: Night = [10, { lastUsed: ago(80 * day) }];
const awake: Night = [9, { lastUsed: ago(9 * day + hour) }];

test('an event stays open through unknown nights, until it is acknowledged', () => {
  const policy = aPolicy(woke, staleRule());
  const open = historyAfter(policy, asleep, awake);
  expect([...open.openEvents.keys()]).toEqual(['woke']);
  const later = historyAfter(policy, asleep, awake, [8, 'unknown'], [7, { lastUsed: undefined }]);
  expect(later.openEvents).toEqual(open.openEvents);
  expect(historyAfter(policy, asleep, awake, [8, {}]).openEvents).toEqual(open.openEvents);
  const kept = stateAfter(policy, asleep, awake, [8, 'unknown'], [7, { lastUsed: undefined }]);
  const acknowledge = (rule: string) =>
    historyOf(advance(kept, { kind: 'acknowledged', rule }).next, policy);
  expect(acknowledge('woke').openEvents.size).toBe(0);
  expect(acknowledge('other').openEvents.size).toBe(1);
  expect(historyAfter(policy, asleep).openEvents.size).toBe(0);
});

test('an event stays open after the key is gone', () => {
  const open = historyAfter(aPolicy(woke), asleep, awake, [8, 'missing']).openEvents;
  expect([...open.keys()]).toEqual(['woke']);
});

test('only rules of an event type leave an open event', () => {
  const policy = aPolicy(staleRule(), impossible);
  expect(historyAfter(policy, asleep).openEvents.size).toBe(0);
  const changed = historyAfter(policy, asleep, [9, { lastFour: '9999' }]);
  expect([...changed.openEvents.keys()]).toEqual(['impossible']);
});

test('the baseline of a waiver is kept, and so is the fact that it is void', () => {
  const waiver: Waiver = {
    id: 'W-1',
    rule: 'stale-45',
    keys: [{ source: 'prod', keyId: 'key_abc123' }],
    reason: 'seasonal',
    requestedBy: 'ann',
    approvedBy: ['bob'],
    expires: new Date('2027-02-01T00:00:00Z'),
  };
  const policy = { ...aPolicy(staleRule()), waivers: [waiver] };
  const idle = { lastUsed: ago(80 * day) };
  const voids = (history: History) => [...history.waived.values()].map((one) => one.void);
  expect(voids(historyAfter(policy, [3, idle]))).toEqual([false]);
  expect(voids(historyAfter(policy, [3, idle], [2, { ...idle, scopes: ['x'] }]))).toEqual([true]);
  const back: Night[] = [
    [3, idle],
    [2, { ...idle, scopes: ['x'] }],
    [1, idle],
  ];
  expect(voids(historyAfter(policy, ...back))).toEqual([true]);
});
