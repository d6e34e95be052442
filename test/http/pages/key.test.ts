import { describe, expect, test } from 'vitest';
import { KeyTimeline } from '../../../src/http/pages/charts/key-timeline.tsx';
import { renderKey } from '../../../src/http/pages/key/key-page.tsx';
import { planKeyChanges } from '../../../src/http/pages/key/plan-key-changes.ts';
import { planScopes } from '../../../src/http/pages/key/plan-scopes.ts';
import type { KeyDetails } from '../../../src/keys/detail-fields.ts';
import type { KeyFacts } from '../../../src/record/reads/pages/read-key-facts.ts';
import type { KeyNight } from '../../../src/record/reads/pages/read-key-nights.ts';
import { aFinding } from '../../report/world.ts';
import { expectHarmless, hostileFrame, withHostileText } from './hostile.ts';

const now = new Date('2026-11-29T09:00:00Z');
const details: KeyDetails = {
  ...{ name: 'Checkout', type: 'secret', scopes: ['a:read'], lastFour: '7dc0' },
  ...{ createdOn: new Date('2026-01-01T00:00:00Z'), lastUsed: new Date('2026-11-27T00:00:00Z') },
};

function aKeyNight(difference: Partial<KeyNight> = {}): KeyNight {
  return {
    ...{ sweep: 's', scope: 'full', at: now, simulated: false, verdict: 'pass' },
    ...{ observedAt: now, said: details, violations: [], unjudged: [] },
    ...difference,
  };
}

const facts: KeyFacts = {
  ...{ row: 1, source: 'prod', keyId: 'k', owner: 'ann', environment: 'live', tags: ['t'] },
  ...{ approvedScopes: ['b:*'], trackedAt: now, untrackedAt: now, firstScopes: null, details },
  ...{ missing: true, observedAt: now, verdict: 'fail' },
};

test('hostile text in any field of a key stays text', () => {
  const broken = { rule: 'r', facts: {}, waiver: 'W' };
  const unjudged = [
    { rule: 'r', reason: 'timeout' as const, fields: [], because: { said: 'it said' } },
  ];
  const nights = planKeyChanges([
    aKeyNight({ verdict: 'fail', violations: [broken] }),
    aKeyNight({ verdict: 'unknown', said: undefined, unjudged }),
    aKeyNight({ said: { ...details, scopes: ['c'] } }),
  ]);
  const model = { now, facts, nights, findings: [aFinding()], scopes: planScopes(facts) };
  const words = ['fail', 'unknown', 'pass', 'full', 'high', 'open', 'stale', 'timeout'];
  const hostile = withHostileText(model, [...words, 'not-approved', 'not-granted']);
  expectHarmless(renderKey(hostileFrame, { ...hostile, older: '/a', newest: '/b' }));
});

describe('the changes of a key', () => {
  /** `nights` are given oldest first. */
  const changesOf = (...nights: readonly Partial<KeyNight>[]) =>
    planKeyChanges(nights.map(aKeyNight).reverse()).map(({ changes }) => changes)[0];

  test('are none on its first night', () => {
    expect(changesOf({})).toEqual([]);
  });

  test('are found on the oldest night of a page too, beside the one that the next page begins with', () => {
    const [night] = planKeyChanges([aKeyNight()], aKeyNight({ verdict: 'fail' }));
    expect(night?.changes).toEqual(['fail → pass']);
  });

  test('are its verdict and the rules that it breaks', () => {
    const violations = [{ rule: 'stale-45', facts: {}, waiver: null }];
    const fail = { verdict: 'fail' as const, violations };
    expect(changesOf({}, fail)).toEqual(['pass → fail', 'breaks stale-45']);
    expect(changesOf(fail, {})).toEqual(['fail → pass', 'no longer breaks stale-45']);
  });

  test('say of a night without an answer only that it is unknown', () => {
    const silent = { verdict: 'unknown' as const, said: undefined };
    expect(changesOf({}, silent)).toEqual(['pass → unknown']);
    const drifted = { said: { ...details, scopes: ['a:read', 'b:write'] } };
    expect(changesOf({}, silent, drifted)).toEqual(['unknown → pass', 'scope added: b:write']);
  });

  test('are a key that is gone and comes back', () => {
    const gone = { said: 'missing' as const };
    expect(changesOf({}, gone)).toEqual(['the key is gone']);
    expect(changesOf(gone, gone)).toEqual([]);
    expect(changesOf(gone, {})).toEqual(['the key is back']);
  });

  test.each([
    ['2026-11-13T00:00:00Z', ['used again after 14 days']],
    ['2026-11-13T00:00:01Z', []],
  ])('are a use after a long rest: last used %s', (before, changes) => {
    const lastUsed = new Date(before);
    expect(changesOf({ said: { ...details, lastUsed } }, {})).toEqual(changes);
    expect(changesOf({ said: { ...details, lastUsed: null } }, {})).toEqual([
      'used for the first time',
    ]);
  });
});

describe('the scopes of a key', () => {
  const plan = (
    scopes: readonly string[] | undefined,
    approvedScopes: readonly string[] | null,
    firstScopes: readonly string[] | null = null,
  ) =>
    planScopes({ details: { scopes }, approvedScopes, firstScopes }).map(({ scope, state }) => [
      scope,
      state,
    ]);

  test('show first what is not approved, and last what is approved and not granted', () => {
    expect(plan(['a:read', 'b:write'], ['a:*', 'c:read'])).toEqual([
      ['b:write', 'not-approved'],
      ['a:read', 'agreed'],
      ['c:read', 'not-granted'],
    ]);
  });

  test('are all too many if none is approved', () => {
    expect(plan(['a:read'], [])).toEqual([['a:read', 'not-approved']]);
  });

  test('are compared with the first ones if the inventory says nothing', () => {
    expect(plan(['a:read', 'b:write'], null, ['a:read'])).toEqual([
      ['b:write', 'added'],
      ['a:read', 'not-stated'],
    ]);
    expect(plan(['a:read'], null)).toEqual([['a:read', 'not-stated']]);
  });

  test('are not said to be missing if they are not known', () => {
    expect(plan(undefined, ['a:read'])).toEqual([]);
  });
});

test('a scope that is not shown is one scope', () => {
  const scopes = Array.from({ length: 101 }, (_, n) => `s${n}:read`);
  const many = { ...facts, approvedScopes: null, details: { ...details, scopes } };
  const model = { now, facts: many, nights: [], findings: [], scopes: planScopes(many) };
  const page = renderKey(hostileFrame, { ...model, older: undefined, newest: undefined });
  expect(page).toContain('>1 more scope is not shown.');
});

test('the time line can be drawn of no nights, and of one', () => {
  for (const nights of [[], [aKeyNight()]]) {
    const drawn = String(KeyTimeline({ nights: planKeyChanges(nights), label: 'l' }));
    expect(drawn).not.toMatch(/NaN|Infinity/);
  }
});
