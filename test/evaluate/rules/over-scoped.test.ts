import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/evaluate/judgement.ts';
import { aKey, judge, overScopedRule, present } from '../world.ts';

function factsOf(
  rule: { allow?: string[]; forbid?: string[] },
  scopes: string[],
  approvedScopes: string[] | null = null,
): Facts | undefined {
  const judged = judge([overScopedRule(rule)], present({ scopes }), {
    key: aKey({ approvedScopes }),
  });
  return judged.violations[0]?.facts;
}

describe('over-scoped, allow', () => {
  const allow = ['customers:read', 'charges:*'];

  test('passes scopes that are allowed', () => {
    expect(factsOf({ allow }, ['customers:read', 'charges:write', 'charges:'])).toBeUndefined();
  });

  test('lists the scopes that nothing allows, sorted and without repeats', () => {
    const scopes = ['refunds:read', 'customers:read', 'customers', 'refunds:read'];
    expect(factsOf({ allow }, scopes)).toEqual({ notAllowed: ['customers', 'refunds:read'] });
  });

  test('fails every scope when the list is empty, and passes a key without scopes', () => {
    expect(factsOf({ allow: [] }, ['customers:read'])).toEqual({ notAllowed: ['customers:read'] });
    expect(factsOf({ allow: [] }, [])).toBeUndefined();
  });

  test('ignores case and surrounding space, in scopes and in patterns', () => {
    expect(factsOf({ allow: [' Charges:* '] }, ['\tCHARGES:Write\n'])).toBeUndefined();
    expect(factsOf({ allow }, ['charges :write'])).toBeDefined();
  });

  test('treats only the star as special', () => {
    expect(factsOf({ allow: ['a.c', 'x?z', '[ab]'] }, ['abc', 'xyz', 'a'])).toEqual({
      notAllowed: ['a', 'abc', 'xyz'],
    });
  });

  test('allows a wildcard scope only by the same wildcard or by *', () => {
    expect(factsOf({ allow: ['charges:*'] }, ['charges:*'])).toBeUndefined();
    expect(factsOf({ allow: ['charges:*'] }, [' CHARGES:** '])).toBeUndefined();
    expect(factsOf({ allow: ['*'] }, ['charges:*', '*'])).toBeUndefined();
    expect(factsOf({ allow: ['**'] }, ['charges:*'])).toBeUndefined();
    expect(factsOf({ allow: ['c*'] }, ['charges:*'])).toEqual({ notAllowed: ['charges:*'] });
    expect(factsOf({ allow: ['charges:read'] }, ['charges:*'])).toBeDefined();
  });
});

describe('over-scoped, forbid', () => {
  const forbid = ['*:write'];

  test('fails what is forbidden and nothing else', () => {
    expect(factsOf({ forbid }, ['charges:read', 'charges:write', ':WRITE'])).toEqual({
      forbidden: [':WRITE', 'charges:write'],
    });
    expect(factsOf({ forbid }, ['charges:writer', 'write'])).toBeUndefined();
  });

  test('fails a wildcard scope that covers something forbidden', () => {
    expect(factsOf({ forbid }, ['charges:*'])).toEqual({ forbidden: ['charges:*'] });
    expect(factsOf({ forbid }, ['*'])).toBeDefined();
    expect(factsOf({ forbid: ['charges:write'] }, ['*:write'])).toBeDefined();
    expect(factsOf({ forbid }, ['charges:*:read'])).toBeUndefined();
    expect(factsOf({ forbid: ['charges:write'] }, ['refunds:*'])).toBeUndefined();
  });

  test('lists a scope twice if it is forbidden and not allowed', () => {
    expect(factsOf({ forbid, allow: ['a:read'] }, ['a:write'])).toEqual({
      forbidden: ['a:write'],
      notAllowed: ['a:write'],
    });
  });

  test('forbids a scope even if it is allowed', () => {
    expect(factsOf({ forbid, allow: ['*'] }, ['a:write'])).toEqual({ forbidden: ['a:write'] });
  });
});

describe('over-scoped, scopes approved in the inventory', () => {
  test('fails a scope outside them', () => {
    expect(factsOf({}, ['a:read', 'b:read'], ['a:read'])).toEqual({ notApproved: ['b:read'] });
    expect(factsOf({ allow: ['*'] }, ['b:read'], ['a:read'])).toEqual({ notApproved: ['b:read'] });
  });

  test('passes a key that has fewer', () => {
    expect(factsOf({}, ['a:read'], ['A:READ', 'b:read'])).toBeUndefined();
  });

  test('reads an empty list as: no scope is approved', () => {
    expect(factsOf({}, ['a:read'], [])).toEqual({ notApproved: ['a:read'] });
  });

  test('reads no list as: nothing is stated', () => {
    expect(factsOf({}, ['a:read'], null)).toBeUndefined();
  });

  test('does not approve what the policy forbids', () => {
    expect(factsOf({ forbid: ['*:write'] }, ['a:write'], ['a:write'])).toEqual({
      forbidden: ['a:write'],
    });
  });
});

describe('over-scoped, hard input', () => {
  test('is unknown without readable scopes (TruffleHog drops what it does not know)', () => {
    expect(judge([overScopedRule({ allow: [] })], present({ scopes: undefined })).unjudged).toEqual(
      [{ rule: 'scopes', reason: 'field-unreadable', fields: ['scopes'], detail: 'scopes' }],
    );
  });

  test('fails a scope that is in no list', () => {
    expect(factsOf({ allow: ['a:read'] }, ['quantum:teleport'])).toEqual({
      notAllowed: ['quantum:teleport'],
    });
  });

  test('cuts a scope of more than 200 characters in the facts, never inside a surrogate pair', () => {
    const [exact = '', cut = ''] = ['x'.repeat(200), `${'x'.repeat(199)}\u{1f600}y`];
    expect(factsOf({ allow: [] }, [exact])).toEqual({ notAllowed: [exact] });
    expect(factsOf({ allow: [] }, [cut])).toEqual({ notAllowed: [`${'x'.repeat(199)}…`] });
  });

  test('names a hundred of 10,000 scopes and counts the rest', () => {
    const scopes = Array.from({ length: 10_000 }, (_, i) => `s${String(i).padStart(5, '0')}`);
    const facts = factsOf({ allow: [] }, scopes);
    expect(facts?.['notAllowed']).toHaveLength(100);
    expect(facts?.['notAllowedCount']).toBe(10_000);
  });
});
