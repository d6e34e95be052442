import { expect, test } from 'vitest';
import { createPolicyCache } from '../../../src/evaluate/policy/policy-cache.ts';

const text = (version: number) =>
  `version: "${version}"\nrules: [{ id: owner, type: unowned, severity: low }]\n`;

test('the same text is parsed and compiled once', () => {
  const cache = createPolicyCache();
  const policy = cache.parse(text(1), null);
  expect(cache.parse(text(1), null)).toBe(policy);
  expect(cache.compile(policy)).toBe(cache.compile(policy));
});

test('another text is another policy, however similar', () => {
  const cache = createPolicyCache();
  expect(cache.parse(text(1), null).version).toBe('1');
  expect(cache.parse(text(2), null).version).toBe('2');
});

test('keeps eight policies and no more', () => {
  const cache = createPolicyCache();
  const first = cache.parse(text(1), null);
  for (let version = 2; version <= 8; version += 1) cache.parse(text(version), null);
  expect(cache.parse(text(1), null)).toBe(first);
  cache.parse(text(9), null);
  expect(cache.parse(text(1), null)).not.toBe(first);
});

test('the same text with other approved waivers is another policy', () => {
  const cache = createPolicyCache();
  const waived = `${text(1)}waivers:
  - { id: W-1, rule: owner, match: { owner: [a] }, reason: why, requestedBy: ann, approvedBy: [bob, eve], expires: 2999-01-01 }
`;
  const idsIn = (approved: readonly string[] | null) => {
    const { waivers, waiting = [] } = cache.parse(waived, approved);
    return [waivers.map(({ id }) => id), waiting.map(({ id }) => id)];
  };
  expect(idsIn(null)).toEqual([['W-1'], []]);
  expect(idsIn([])).toEqual([[], ['W-1']]);
  expect(idsIn(['W-1'])).toEqual([['W-1'], []]);
  expect(idsIn(['W-2'])).toEqual([[], ['W-1']]);
});
