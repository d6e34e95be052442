import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/evaluate/judgement.ts';
import { aKey, driftRule, judge, present } from '../world.ts';

interface Before {
  readonly approved?: readonly string[] | null;
  readonly first?: readonly string[];
}

function judgeDrift(scopes: readonly string[] | undefined, { approved = null, first }: Before) {
  return judge([driftRule()], present({ scopes }), {
    key: aKey({ approvedScopes: approved }),
    history: { firstScopes: first },
  });
}

function factsOf(scopes: readonly string[], before: Before): Facts | undefined {
  return judgeDrift(scopes, before).violations[0]?.facts;
}

describe('scope-drift, since the first observation', () => {
  test('passes a key that is seen for the first time, or has not changed', () => {
    expect(judgeDrift(['a:read'], {}).verdict).toBe('pass');
    expect(judgeDrift(['a:read', 'b:read'], { first: ['a:read', 'b:read'] }).verdict).toBe('pass');
    expect(judgeDrift([], { first: [] }).verdict).toBe('pass');
  });

  test('fails a key with a new scope, and also lists removed scopes', () => {
    expect(factsOf(['a:read', 'b:write'], { first: ['a:read'] })).toEqual({
      since: 'first-seen',
      added: ['b:write'],
    });
    expect(factsOf(['b:write'], { first: ['a:read'] })).toEqual({
      since: 'first-seen',
      added: ['b:write'],
      removed: ['a:read'],
    });
  });

  test('passes a key that only lost scopes, even all of them', () => {
    expect(judgeDrift(['a:read'], { first: ['b:read', 'a:read'] }).verdict).toBe('pass');
    expect(judgeDrift([], { first: ['a:read'] }).verdict).toBe('pass');
  });

  test('fails any scope of a key that had none', () => {
    expect(factsOf(['a:read'], { first: [] })?.['added']).toEqual(['a:read']);
  });

  test('ignores order, case, surrounding space and repeats', () => {
    const first = ['a:read', 'b:read'];
    expect(judgeDrift([' B:READ ', 'a:read', 'b:read'], { first }).verdict).toBe('pass');
  });

  test('counts a new wildcard as an addition, and scopes that an old wildcard covered as none', () => {
    expect(factsOf(['a:*'], { first: ['a:read', 'a:write'] })).toEqual({
      since: 'first-seen',
      added: ['a:*'],
    });
    expect(judgeDrift(['a:*'], { first: ['A:**'] }).verdict).toBe('pass');
    expect(judgeDrift(['a:read'], { first: ['a:*'] }).verdict).toBe('pass');
    expect(factsOf(['ab:read'], { first: ['a:*'] })?.['added']).toEqual(['ab:read']);
    expect(factsOf(['*'], { first: ['a:*'] })?.['added']).toEqual(['*']);
    expect(judgeDrift(['a:*', 'b'], { first: ['*'] }).verdict).toBe('pass');
  });
});

describe('scope-drift, since the scopes approved in the inventory', () => {
  test('compares with those and not with the first observation', () => {
    const approved = ['a:read', 'b:*'];
    expect(judgeDrift(['a:read', 'b:write'], { approved, first: [] }).verdict).toBe('pass');
    expect(factsOf(['c:read'], { approved, first: ['c:read'] })).toEqual({
      since: 'approved',
      added: ['c:read'],
      removed: ['a:read'],
    });
  });

  test('reads an empty list as: no scope is approved, and no list as: nothing is stated', () => {
    expect(factsOf(['a:read'], { approved: [], first: ['a:read'] })).toEqual({
      since: 'approved',
      added: ['a:read'],
    });
    expect(judgeDrift(['a:read'], { approved: null, first: ['a:read'] }).verdict).toBe('pass');
  });

  test('needs no history', () => {
    expect(factsOf(['a:write'], { approved: ['a:read'] })?.['added']).toEqual(['a:write']);
  });
});

describe('scope-drift, hard input', () => {
  test('is unknown without readable scopes, whatever was there before', () => {
    for (const before of [{}, { first: ['a'] }, { approved: [] }, { approved: ['*'] }]) {
      expect(judgeDrift(undefined, before).unjudged).toEqual([
        { rule: 'drift', reason: 'field-unreadable', fields: ['scopes'], detail: 'scopes' },
      ]);
    }
  });

  test('finds one new scope among 10,000, and counts them when all are new', () => {
    const first = Array.from({ length: 10_000 }, (_, at) => `s${at}:read`);
    expect(factsOf([...first].reverse().concat('new'), { first })?.['added']).toEqual(['new']);
    const all = factsOf(first, { first: ['other'] });
    expect(all?.['added']).toHaveLength(100);
    expect(all?.['addedCount']).toBe(10_000);
  });

  test('compares 10,000 wildcards with 10,000 others, and with themselves', () => {
    const wild = (word: string) => Array.from({ length: 10_000 }, (_, at) => `${word}${at}*x`);
    expect(factsOf(wild('a'), { first: wild('b') })?.['addedCount']).toBe(10_000);
    expect(judgeDrift(wild('a').reverse(), { first: wild('a') }).verdict).toBe('pass');
  });

  test('treats the hundred shortest wildcards as wildcards; longer ones match only themselves', () => {
    const first = [...Array.from({ length: 100 }, (_, at) => `${100 + at}*`), 'longer*'];
    expect(judgeDrift(['100x', '199x', 'longer*'], { first }).verdict).toBe('pass');
    expect(factsOf(['100x', '199x', 'longerx'], { first })?.['added']).toEqual(['longerx']);
    expect(judgeDrift(['longerx'], { first: first.slice(1) }).verdict).toBe('pass');
  });

  test('accepts lone surrogates and scopes of a megabyte', () => {
    const long = 'x'.repeat(1_000_000);
    expect(factsOf([long, '\ud83d'], { first: ['\ude00', '*y'] })?.['added']).toEqual([
      `${'x'.repeat(200)}…`,
      '\ud83d',
    ]);
  });
});
