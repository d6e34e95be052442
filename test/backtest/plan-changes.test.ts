import { describe, expect, test } from 'vitest';
import { type Judged, planChanges, rulesOf } from '../../src/backtest/plan-changes.ts';
import type { PolicyRule } from '../../src/evaluate/policy/policy.ts';
import { aPolicy, overScopedRule, staleRule, unownedRule } from '../evaluate/world.ts';

const stale = staleRule({ id: 'stale' });
const scopes = overScopedRule({ id: 'scopes' });

interface Said {
  readonly rules?: readonly PolicyRule[];
  readonly open?: readonly string[];
  readonly waived?: readonly string[];
  readonly unknown?: readonly (string | null)[];
}

function said({ rules = [stale, scopes], open = [], waived = [], unknown = [] }: Said): Judged {
  const violation = (rule: string, waiver: string | null) => ({ rule, facts: {}, waiver });
  return {
    rules: rulesOf(aPolicy(...rules)),
    violations: [
      ...open.map((rule) => violation(rule, null)),
      ...waived.map((rule) => violation(rule, 'W-1')),
    ],
    unjudged: unknown.map((rule) => ({
      rule,
      reason: 'field-unreadable',
      fields: ['type'],
      because: 'unreadable',
    })),
  };
}

function changes(before: Said, after: Said): string[] {
  return planChanges(said(before), said(after)).map((change) => {
    const name = change.kind === 'unknown' ? change.unjudged.rule : change.rule.id;
    return `${name} ${change.kind}: ${change.was} to ${change.would}`;
  });
}

describe('what another policy changes of a key', () => {
  test('is nothing where both say the same', () => {
    const same = { open: ['stale'], waived: ['scopes'], unknown: [] };
    expect(changes(same, same)).toEqual([]);
    expect(changes({ unknown: [null] }, { unknown: [null] })).toEqual([]);
    expect(changes({ unknown: ['stale'] }, { unknown: ['stale'] })).toEqual([]);
  });

  test('opens what passed, what was waived, what could not be told and what had no rule', () => {
    const after = { open: ['stale'] };
    expect(changes({}, after)).toEqual(['stale opens: passed to open']);
    expect(changes({ waived: ['stale'] }, after)).toEqual(['stale opens: waived to open']);
    expect(changes({ unknown: ['stale'] }, after)).toEqual(['stale opens: unknown to open']);
    expect(changes({ unknown: [null] }, after)).toEqual(['stale opens: unknown to open']);
    expect(changes({ rules: [scopes] }, after)).toEqual(['stale opens: absent to open']);
  });

  test('resolves what was open and passes, or whose rule is gone', () => {
    const before = { open: ['stale'] };
    expect(changes(before, {})).toEqual(['stale resolves: open to passed']);
    expect(changes(before, { rules: [scopes] })).toEqual(['stale resolves: open to absent']);
    expect(changes({ waived: ['stale'] }, {})).toEqual([]);
  });

  test('resolves nothing that it cannot tell', () => {
    const before = { open: ['stale'] };
    const one = changes(before, { unknown: ['stale'] });
    expect(one).toEqual(['stale unknown: open to unknown']);
    expect(changes(before, { unknown: [null] })).toEqual(['null unknown: open to unknown']);
    expect(changes(before, { rules: [scopes], unknown: ['scopes'] })).toEqual([
      'stale resolves: open to absent',
      'scopes unknown: passed to unknown',
    ]);
  });

  test('waives what was open and what was not there', () => {
    const after = { waived: ['stale'] };
    expect(changes({ open: ['stale'] }, after)).toEqual(['stale waived: open to waived']);
    expect(changes({}, after)).toEqual(['stale waived: passed to waived']);
  });

  test('goes by the ids of rules, whatever their type', () => {
    const other = unownedRule({ id: 'stale' });
    expect(changes({ open: ['stale'] }, { rules: [other], open: ['stale'] })).toEqual([]);
  });
});
