import { expect, test } from 'vitest';
import { createPolicyCache } from '../../../src/evaluate/policy/policy-cache.ts';

const text = (version: number) =>
  `version: "${version}"\nrules: [{ id: owner, type: unowned, severity: low }]\n`;

test('the same text is parsed and compiled once', () => {
  const cache = createPolicyCache();
  const policy = cache.parse(text(1));
  expect(cache.parse(text(1))).toBe(policy);
  expect(cache.compile(policy)).toBe(cache.compile(policy));
});

test('another text is another policy, however similar', () => {
  const cache = createPolicyCache();
  expect(cache.parse(text(1)).version).toBe('1');
  expect(cache.parse(text(2)).version).toBe('2');
});

test('keeps eight policies and no more', () => {
  const cache = createPolicyCache();
  const first = cache.parse(text(1));
  for (let version = 2; version <= 8; version += 1) cache.parse(text(version));
  expect(cache.parse(text(1))).toBe(first);
  cache.parse(text(9));
  expect(cache.parse(text(1))).not.toBe(first);
});
