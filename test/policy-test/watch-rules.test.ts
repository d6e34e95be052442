import { expect, test } from 'vitest';
import { parsePolicy } from '../../src/evaluate/policy/parse-policy.ts';
import { findStrangeTypes, watchRules } from '../../src/policy-test/watch-rules.ts';

const key = {
  source: 'prod',
  keyId: 'key_1',
  owner: 'payments',
  environment: 'production',
  approvedScopes: null,
  tags: ['web'],
};
const approved = { ...key, keyId: 'key_2', owner: 'ledger', approvedScopes: ['charges:read'] };

function rulesOf(...rules: readonly object[]) {
  const whole = rules.map((rule) => ({ severity: 'low', ...rule }));
  return parsePolicy(JSON.stringify({ version: '1', rules: whole })).rules;
}

function idle(rule: object, keys = [key, approved]) {
  const watch = watchRules(rulesOf({ id: 'r', ...rule }), 'inventory');
  for (const one of keys) watch.see({ ...one, type: undefined, scopes: undefined });
  return watch.describe();
}

test.each([
  { environment: ['Production'] },
  { source: ['flexcharge'] },
  { owner: ['payment'] },
  { tags: ['web'], owner: ['nobody'] },
  { type: ['secret'], environment: ['staging'] },
])('a rule whose match %j fits no tracked key is told, and once', (match) => {
  expect(idle({ type: 'stale', after: '45d', warnBefore: '7d', match })).toEqual([
    'the match of rule r fits no key of the inventory',
  ]);
});

test.each([
  undefined,
  { owner: ['ledger'] },
  { type: ['nonsense'], scope: ['charges:*'], owner: ['pay*'] },
])('a rule whose match %j fits a tracked key, or may, is not told', (match) => {
  expect(idle({ type: 'stale', after: '45d', match })).toEqual([]);
});

test('an over-scoped rule that allows every scope is told, unless the inventory narrows it', () => {
  const told = [expect.stringMatching(/^rule r allows every scope: /)];
  expect(idle({ type: 'over-scoped' }, [key])).toEqual(told);
  expect(idle({ type: 'over-scoped', forbid: [] }, [key])).toEqual(told);
  expect(idle({ type: 'over-scoped', match: { owner: ['payments'] } })).toEqual(told);
  expect(idle({ type: 'over-scoped' })).toEqual([]);
  expect(idle({ type: 'over-scoped', allow: [] }, [key])).toEqual([]);
  expect(idle({ type: 'over-scoped', forbid: ['*'] }, [key])).toEqual([]);
});

test('types that the vendor does not document are told, case and all; patterns that fit one are not', () => {
  const rule = (id: string, type: string[]) => ({ id, type: 'unowned', match: { type } });
  const rules = rulesOf(
    rule('a', ['Secret', 'public', 'secrets']),
    rule('b', ['sec*', '*']),
    rule('c', ['public']),
  );
  expect(findStrangeTypes(rules, ['secret', 'public'])).toEqual([
    'rule a matches on type Secret, secrets; the vendor documents secret, public, in this case of letters',
  ]);
});
