import { describe, expect, test } from 'vitest';
import type { PolicyRule } from '../../../src/evaluate/policy/policy.ts';
import { hashWaiver } from '../../../src/evaluate/waivers/compile-waivers.ts';
import type { Waiver } from '../../../src/evaluate/waivers/waiver.ts';
import type { KeyDetails } from '../../../src/keys/detail-fields.ts';
import type { Observation } from '../../../src/keys/observation.ts';
import {
  ago,
  aKey,
  asOf,
  day,
  judgeWhole,
  missing,
  missingRule,
  overScopedRule,
  present,
  type Rest,
  staleRule,
  unownedRule,
} from '../world.ts';
import { aBroadWaiver, aWaiver, keep, waivedAs, waivedBefore } from './a-waiver.ts';

const idle = { createdOn: ago(80 * day), lastUsed: ago(50 * day) };
const stale = (difference: Partial<KeyDetails> = {}) => present({ ...idle, ...difference });

function judge(waivers: readonly Waiver[], seen: Observation = stale(), rest: Rest = {}) {
  return judgeWhole([staleRule()], seen, { waivers, ...rest });
}

/** Judges sweep after sweep, each knowing what the ones before kept. */
function judgeNights(waivers: readonly Waiver[], nights: readonly Observation[]) {
  let waived: ReturnType<typeof keep> = new Map();
  return nights.map((seen) => {
    const judgement = judge(waivers, seen, { history: { waived } });
    waived = keep(waived, judgement.waiverChanges);
    return judgement.verdict;
  });
}

const until = (instant: string) => aWaiver({ expires: new Date(instant) });

describe('a waiver', () => {
  test('covers the violation of its rule and key, and is named in it', () => {
    expect(judge([aWaiver()])).toMatchObject({
      verdict: 'waived',
      violations: [{ rule: 'stale-45', waiver: 'W-1' }],
    });
  });

  test('removes no violation', () => {
    const { waiver: _none, ...without } = judge([]).violations[0] ?? {};
    expect(judge([aWaiver()]).violations).toEqual([{ ...without, waiver: 'W-1' }]);
  });

  test.each([
    ['another rule', aWaiver({ rule: 'too-old' })],
    ['another key', aWaiver({ keys: [{ source: 'prod', keyId: 'key_other' }] })],
    [
      'the key’s namesake of another source',
      aWaiver({ keys: [{ source: 'x', keyId: aKey().keyId }] }),
    ],
    ['keys that match, which this one does not', aBroadWaiver({ owner: ['risk'] })],
  ])('covers nothing when it is for %s', (_what, waiver) => {
    expect(judge([waiver])).toMatchObject({ verdict: 'fail', violations: [{ waiver: null }] });
  });

  test('covers one of many keys that it lists', () => {
    const keys = [{ source: 'prod', keyId: 'key_first' }, ...(aWaiver().keys ?? [])];
    expect(judge([aWaiver({ keys })]).verdict).toBe('waived');
  });

  test('without keys and match covers nothing', () => {
    expect(judge([aBroadWaiver({})]).verdict).toBe('fail');
  });

  test('changes nothing for a key that passes, and records nothing', () => {
    expect(judge([aWaiver()], present())).toMatchObject({ verdict: 'pass', waiverChanges: [] });
  });
});

describe('a waiver ends', () => {
  test('with its day in UTC: it holds in the last millisecond and not after it', () => {
    expect(judge([until('2026-11-23T12:00:00.001Z')]).verdict).toBe('waived');
    expect(judge([until('2026-11-23T12:00:00.000Z')]).verdict).toBe('fail');
  });

  test('even for a key that still equals its baseline', () => {
    const ended = aWaiver({ expires: ago(1) });
    expect(judge([ended], stale(), { history: waivedBefore(ended) }).verdict).toBe('fail');
  });
});

describe('the baseline of a waiver', () => {
  test('is recorded once, under the waiver’s hash', () => {
    const waiver = aWaiver();
    const { digest } = waivedAs('secret', ['customers:read']);
    const kept = { waiver: 'W-1', hash: hashWaiver(waiver), digest, void: false };
    expect(judge([waiver]).waiverChanges).toEqual([kept]);
    const again = judge([waiver], stale(), { history: waivedBefore(waiver) });
    expect(again).toMatchObject({ verdict: 'waived', waiverChanges: [] });
  });

  test.each([
    ['another type', { type: 'public' }],
    ['a scope more', { scopes: ['customers:read', 'charges:read'] }],
    ['a scope less', { scopes: [] }],
    ['another scope', { scopes: ['customers:*'] }],
  ])('makes the waiver void when the key has %s', (_what, change) => {
    const waiver = aWaiver();
    const judged = judge([waiver], stale(change), { history: waivedBefore(waiver) });
    expect(judged.verdict).toBe('fail');
    const [voided] = [...waivedBefore(waiver).waived.values()];
    expect(judged.waiverChanges).toEqual([
      { waiver: 'W-1', hash: hashWaiver(waiver), digest: voided?.digest, void: true },
    ]);
  });

  test.each([
    ['order', ['b:read', 'a:read']],
    ['case and space', ['A:Read ', 'b:READ']],
    ['number of times', ['a:read', 'b:read', 'a:read']],
  ])('ignores the %s of scopes', (_what, scopes) => {
    const waiver = aWaiver();
    const history = waivedBefore(waiver, 'secret', ['a:read', 'b:read']);
    expect(judge([waiver], stale({ scopes }), { history })).toMatchObject({
      verdict: 'waived',
      waiverChanges: [],
    });
  });

  test('ignores name, owner, use and age', () => {
    const waiver = aWaiver();
    const seen = stale({ name: 'Other', lastUsed: ago(70 * day), lastFour: '0000' });
    const rest = { history: waivedBefore(waiver), key: aKey({ owner: 'risk', tags: ['x'] }) };
    expect(judge([waiver], seen, rest).verdict).toBe('waived');
  });

  test('makes the waiver void even while the key breaks no rule', () => {
    const waiver = aWaiver();
    const mended = present({ type: 'public' });
    const judged = judge([waiver], mended, { history: waivedBefore(waiver) });
    expect(judged).toMatchObject({ verdict: 'pass', waiverChanges: [{ void: true }] });
  });

  test('makes the waiver void permanently, even if the key changes back', () => {
    const nights = [stale(), stale({ scopes: ['x'] }), stale(), present(), stale()];
    expect(judgeNights([aWaiver()], nights)).toEqual(['waived', 'fail', 'fail', 'pass', 'fail']);
  });

  test('is reported as changed only once', () => {
    const waiver = aWaiver();
    const history = waivedBefore(waiver, 'public', [], true);
    expect(judge([waiver], stale(), { history }).waiverChanges).toEqual([]);
  });
});

describe('while type or scopes are unreadable', () => {
  test.each([['type'], ['scopes']])(
    'a waiver holds: without %s the key counts as unchanged',
    (field) => {
      const waiver = aWaiver();
      const seen = stale({ [field]: undefined });
      expect(judge([waiver], seen, { history: waivedBefore(waiver) })).toMatchObject({
        verdict: 'waived',
        waiverChanges: [],
      });
      expect(judge([waiver], seen)).toMatchObject({ verdict: 'waived', waiverChanges: [] });
    },
  );

  test('the baseline is recorded in the first sweep that can read both', () => {
    const unreadable = stale({ scopes: undefined });
    const nights = [unreadable, stale({ scopes: ['a'] }), unreadable, stale({ scopes: ['b'] })];
    expect(judgeNights([aWaiver()], nights)).toEqual(['waived', 'waived', 'waived', 'fail']);
  });

  test('a void waiver stays void', () => {
    const waiver = aWaiver();
    const history = waivedBefore(waiver, 'secret', ['x'], true);
    expect(judge([waiver], stale({ scopes: undefined }), { history }).verdict).toBe('fail');
  });

  test('a waiver whose match needs them covers only keys that it covered before', () => {
    const waiver = aBroadWaiver({ type: ['secret'] });
    const seen = stale({ type: undefined });
    expect(judge([waiver], seen).verdict).toBe('fail');
    expect(judge([waiver], seen, { history: waivedBefore(waiver) }).verdict).toBe('waived');
    const elsewhere = aBroadWaiver({ type: ['secret'], owner: ['risk'] });
    const history = waivedBefore(elsewhere);
    expect(judge([elsewhere], seen, { history }).verdict).toBe('fail');
  });
});

describe('an approval', () => {
  const before = aWaiver();
  const changed = stale({ scopes: ['more'] });
  const renewed = (difference: Partial<Waiver>) =>
    judge([aWaiver(difference)], changed, { history: waivedBefore(before) });

  test.each([
    ['reason', { reason: 'looked at again' }],
    ['approver', { approvedBy: ['eve'] }],
    ['requester', { requestedBy: 'eve' }],
    ['day', { expires: new Date(asOf.getTime() + 11 * day) }],
    ['id', { id: 'W-2' }],
  ])('with another %s is a new one, with the key as it is now as baseline', (_what, difference) => {
    const judged = renewed(difference);
    expect(judged).toMatchObject({ verdict: 'waived', waiverChanges: [{ void: false }] });
    expect(judged.waiverChanges).toHaveLength(1);
  });

  test('with a key added to its list stays the same for the other keys', () => {
    const keys = [...(before.keys ?? []), { source: 'prod', keyId: 'key_added' }];
    expect(renewed({ keys })).toMatchObject({ verdict: 'fail', waiverChanges: [{ void: true }] });
    const added = judge([aWaiver({ keys })], changed, { key: aKey({ keyId: 'key_added' }) });
    expect(added).toMatchObject({ verdict: 'waived', waiverChanges: [{ void: false }] });
  });

  test('is the same if its approvers and its match are in another order', () => {
    const one = aBroadWaiver({ owner: ['a', 'b'], tags: ['t'] }, { approvedBy: ['bob', 'cid'] });
    const same = aBroadWaiver({ tags: ['t'], owner: ['b', 'a'] }, { approvedBy: ['cid', 'bob'] });
    expect(hashWaiver(same)).toBe(hashWaiver(one));
    const wider = aBroadWaiver({ owner: ['a', 'b'] }, { approvedBy: ['bob', 'cid'] });
    const moved = aBroadWaiver({ owner: ['t'], tags: ['a', 'b'] });
    expect(new Set([one, wider, moved].map(hashWaiver)).size).toBe(3);
  });
});

describe('of several waivers of one rule', () => {
  const long = aWaiver({ id: 'long', expires: new Date(asOf.getTime() + 20 * day) });
  const short = aWaiver({ id: 'short' });
  const broad = aBroadWaiver({ source: ['*'] }, { id: 'a-broad', expires: long.expires });
  const waiverOf = (waivers: Waiver[], rest: Rest = {}, seen = stale()) =>
    judge(waivers, seen, rest).violations[0]?.waiver;

  test('the one that ends last covers, whatever its position and form', () => {
    expect(waiverOf([short, long])).toBe('long');
    expect(waiverOf([long, short])).toBe('long');
    expect(waiverOf([short, broad])).toBe('a-broad');
    const brief = aBroadWaiver({ source: ['*'] }, { id: 'brief', expires: short.expires });
    expect(waiverOf([brief, long])).toBe('long');
  });

  test('the first by id covers if two end at the same time', () => {
    expect(waiverOf([long, broad])).toBe('a-broad');
    expect(waiverOf([broad, long])).toBe('a-broad');
  });

  test('a newer one covers when the other is void, with the key as it is now as baseline', () => {
    const rest = { history: waivedBefore(long) };
    const judged = judge([short, long], stale({ scopes: ['x'] }), rest);
    expect(judged).toMatchObject({ verdict: 'waived', violations: [{ waiver: 'short' }] });
    expect(judged.waiverChanges.map(({ waiver, void: ended }) => [waiver, ended])).toEqual([
      ['long', true],
      ['short', false],
    ]);
  });

  test('those that do not cover yet get the same baseline, and become void together', () => {
    const first = judge([short, long]).waiverChanges;
    expect(first.map(({ waiver }) => waiver)).toEqual(['long', 'short']);
    const before = { waived: keep(new Map(), first) };
    const changed = judge([short, long], stale({ scopes: ['x'] }), { history: before });
    expect(changed).toMatchObject({ verdict: 'fail', violations: [{ waiver: null }] });
  });
});

describe('a warning', () => {
  const due = { id: 'stale-45.due', severity: 'info' as const, due: true, warnBefore: 7 * day };
  const pair: PolicyRule[] = [staleRule(), staleRule(due)];
  const soon = present({ createdOn: ago(80 * day), lastUsed: ago(40 * day) });
  const warned = (waiver: Waiver, seen: Observation, rules = pair) =>
    judgeWhole(rules, seen, { waivers: [waiver] });

  test('is covered by a waiver of its rule', () => {
    const judged = warned(aWaiver(), soon);
    expect(judged.violations).toMatchObject([{ rule: 'stale-45.due', waiver: 'W-1' }]);
    expect(judged.verdict).toBe('waived');
  });

  test('may be waived alone, without its rule', () => {
    const waiver = aWaiver({ rule: 'stale-45.due' });
    expect(warned(waiver, soon).verdict).toBe('waived');
    expect(warned(waiver, stale()).verdict).toBe('fail');
  });

  test('is not another rule whose id ends in .due', () => {
    const other = unownedRule({ id: 'stale-45.due' });
    const unowned = { ...aKey(), owner: null };
    const judged = judgeWhole([staleRule(), other], stale(), {
      waivers: [aWaiver()],
      key: unowned,
    });
    expect(judged.violations).toMatchObject([
      { rule: 'stale-45', waiver: 'W-1' },
      { rule: 'stale-45.due', waiver: null },
    ]);
    expect(judged.verdict).toBe('fail');
  });
});

describe('a key that is missing or could not be observed', () => {
  const gone = aWaiver({ rule: 'gone' });
  const failed: Observation = { kind: 'unknown', at: asOf, reason: 'timeout', detail: '' };
  const unaudited: PolicyRule = {
    id: 'dark',
    type: 'unaudited',
    after: day,
    severity: 'high',
    controls: [],
  };
  const dark = { knownAt: ago(3 * day) };

  test('may be waived as missing, without a baseline', () => {
    const judged = judgeWhole([missingRule()], missing, { waivers: [gone] });
    expect(judged).toMatchObject({ verdict: 'waived', waiverChanges: [] });
  });

  test('keeps its waivers, because a missing key has not changed its scopes', () => {
    const waivers = [gone, aWaiver()];
    const history = waivedBefore(aWaiver());
    const judged = judgeWhole([missingRule(), staleRule()], missing, { waivers, history });
    expect(judged).toMatchObject({ verdict: 'waived', waiverChanges: [] });
  });

  test('stays unknown when its `unaudited` violation is waived', () => {
    const waivers = [aWaiver({ rule: 'dark' })];
    const judged = judgeWhole([unaudited], failed, { waivers, history: dark });
    expect(judged).toMatchObject({
      verdict: 'unknown',
      violations: [{ rule: 'dark', waiver: 'W-1' }],
      waiverChanges: [],
      known: false,
    });
    expect(judgeWhole([unaudited], failed, { history: dark }).verdict).toBe('fail');
  });

  test('fails `unaudited` if one violation is waived and another rule is unknown', () => {
    const rules = [staleRule(), overScopedRule({ allow: [] }), unaudited];
    const half = stale({ scopes: undefined });
    const judged = judgeWhole(rules, half, { waivers: [aWaiver()], history: dark });
    expect(judged).toMatchObject({ verdict: 'fail', known: false });
    expect(judged.violations).toMatchObject([
      { rule: 'stale-45', waiver: 'W-1' },
      { rule: 'dark', waiver: null },
    ]);
  });
});

describe('a verdict is waived', () => {
  const two = [staleRule(), unownedRule()];
  const unowned = aKey({ owner: null });

  test('only when every violation is waived', () => {
    const both = [aWaiver(), aWaiver({ id: 'W-2', rule: 'owner' })];
    const verdict = (waivers: Waiver[]) =>
      judgeWhole(two, stale(), { key: unowned, waivers }).verdict;
    expect(verdict(both)).toBe('waived');
    expect(verdict(both.slice(0, 1))).toBe('fail');
    expect(verdict(both.slice(1))).toBe('fail');
  });

  test('only when nothing is unknown', () => {
    const rules = [staleRule(), overScopedRule({ allow: [] })];
    const seen = stale({ scopes: undefined });
    expect(judgeWhole(rules, seen, { waivers: [aWaiver()] }).verdict).toBe('unknown');
    expect(judgeWhole([staleRule()], seen, { waivers: [aWaiver()] }).verdict).toBe('waived');
  });

  test('and each waiver has its own baseline', () => {
    const both = [aWaiver(), aWaiver({ id: 'W-2', rule: 'owner' })];
    const judged = judgeWhole(two, stale({ type: 'public' }), {
      key: unowned,
      waivers: both,
      history: waivedBefore(aWaiver()),
    });
    expect(judged.violations.map(({ waiver }) => waiver)).toEqual([null, 'W-2']);
    expect(judged.waiverChanges.map(({ waiver, void: ended }) => [waiver, ended])).toEqual([
      ['W-1', true],
      ['W-2', false],
    ]);
  });
});
