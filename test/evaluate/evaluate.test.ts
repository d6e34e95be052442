import { describe, expect, test } from 'vitest';
import type { Observation } from '../../src/keys/observation.ts';
import {
  ago,
  asOf,
  day,
  judge,
  missingRule,
  overScopedRule,
  present,
  staleRule,
  tooOldRule,
  unownedRule,
} from './world.ts';

const rules = [staleRule(), tooOldRule(), overScopedRule({ forbid: ['*:write'] }), missingRule()];

describe('a verdict', () => {
  test('is pass when the vendor answered and no rule is broken', () => {
    expect(judge(rules, present())).toEqual({ verdict: 'pass', violations: [], unjudged: [] });
  });

  test('is unknown when the vendor could not be asked (errors shown as pass: prowler #327)', () => {
    const unreachable: Observation = {
      kind: 'unknown',
      at: asOf,
      reason: 'unreachable',
      detail: 'ECONNREFUSED',
    };
    expect(judge(rules, unreachable)).toEqual({
      verdict: 'unknown',
      violations: [],
      unjudged: [{ rule: null, reason: 'unreachable', fields: [], detail: 'ECONNREFUSED' }],
    });
  });

  test('is unknown for a failed fetch even under rules that need no vendor', () => {
    const failed: Observation = { kind: 'unknown', at: asOf, reason: 'timeout', detail: '' };
    expect(judge([unownedRule()], failed).verdict).toBe('unknown');
  });

  test('is fail when one rule is broken and another unknown, and keeps both', () => {
    const judged = judge(rules, present({ scopes: ['a:write'], lastUsed: undefined }));
    expect(judged.verdict).toBe('fail');
    expect(judged.violations.map(({ rule }) => rule)).toEqual(['scopes']);
    expect(judged.unjudged.map(({ rule }) => rule)).toEqual(['stale-45']);
  });

  test('is unknown when one rule is unknown and no other broken', () => {
    expect(judge(rules, present({ scopes: undefined })).verdict).toBe('unknown');
  });

  test('looks at every rule, also after the first that fails', () => {
    const old = present({ createdOn: ago(400 * day), lastUsed: ago(400 * day) });
    expect(judge(rules, old).violations.map(({ rule }) => rule)).toEqual(['stale-45', 'too-old']);
  });

  test('judges two rules of one type separately', () => {
    const two = [staleRule(), staleRule({ id: 'stale-400', after: 400 * day })];
    const seen = present({ createdOn: ago(90 * day), lastUsed: ago(60 * day) });
    expect(judge(two, seen).violations.map(({ rule }) => rule)).toEqual(['stale-45']);
  });
});

describe('a key whose type is absent', () => {
  const readOnly = overScopedRule({ allow: [], match: { type: ['public'] } });
  const untyped = present({ type: undefined });

  test('is unknown under a rule that matches on type, never skipped', () => {
    expect(judge([readOnly], untyped).unjudged).toEqual([
      { rule: 'scopes', reason: 'field-unreadable', fields: ['type'], detail: 'type' },
    ]);
    expect(judge([unownedRule({ match: { type: ['*'] } })], untyped).verdict).toBe('unknown');
  });

  test('is not judged by that rule if another part of its match excludes the key', () => {
    const elsewhere = overScopedRule({ match: { type: ['public'], source: ['other'] } });
    expect(judge([elsewhere], untyped).verdict).toBe('pass');
  });

  test('is judged by the rules that do not look at it', () => {
    expect(judge([staleRule()], untyped).verdict).toBe('pass');
  });

  test('an unknown type is treated like any other type', () => {
    expect(judge([readOnly], present({ type: 'publishable' })).verdict).toBe('pass');
  });
});
