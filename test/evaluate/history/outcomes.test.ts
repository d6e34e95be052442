import { describe, expect, test } from 'vitest';
import { advance, changesNothing } from '../../../src/evaluate/history/advance.ts';
import { notStored, type Observed } from '../../../src/evaluate/history/key-outcome.ts';
import {
  type KeyState,
  type KnownFinding,
  newKey,
} from '../../../src/evaluate/history/key-state.ts';
import type { Judgement } from '../../../src/evaluate/judgement.ts';
import type { Observation } from '../../../src/keys/observation.ts';
import { ago, aPolicy, asOf, day, present, staleRule, unreachable } from '../world.ts';

const policy = aPolicy(staleRule({ id: 'stale' }));
const until = ago(-day);
const waiver = { id: 'W-1', hash: 'h', reason: 'seasonal', until };
const finding = (difference: Partial<KnownFinding>): KnownFinding => ({
  ...{ rule: 'stale', type: 'stale', state: 'open', waiver: null, resolution: null },
  ...{ facts: null, policy: 1, seenAt: ago(day) },
  ...difference,
});
const withFindings = (...findings: KnownFinding[]): KeyState => ({
  ...newKey(),
  findings: new Map(findings.map((one) => [one.rule, one])),
});

const nothing: Judgement = {
  ...{ verdict: 'pass', violations: [], unjudged: [], known: true, waiverChanges: [] },
};
const observed = (observation: Observation, judgement: Partial<Judgement> = {}): Observed => ({
  kind: 'observed',
  ...{ observation, policy, asOf, now: asOf, stored: notStored },
  judgement: { ...nothing, ...judgement },
  judgedWith: { knownAt: undefined, openEvents: new Map() },
});

describe('a key that left the inventory', () => {
  test('ends its open and waived findings once, and keeps its memory', () => {
    const open = finding({});
    const covered = finding({ rule: 'old', state: 'waived', waiver });
    const state = withFindings(open, covered, finding({ rule: 'names', state: 'resolved' }));
    const { transitions, next } = advance(state, { kind: 'untracked' });
    expect(transitions).toEqual([
      { rule: 'stale', was: 'open', kind: 'resolved', resolution: 'untracked' },
      { rule: 'old', was: 'waived', kind: 'resolved', resolution: 'untracked' },
    ]);
    expect(next.findings.get('old')).toMatchObject({ state: 'resolved', waiver: null, policy: 1 });
    expect(next.memory).toBe(state.memory);
    expect(advance(next, { kind: 'untracked' })).toEqual({ transitions: [], next });
  });
});

describe('a waiver', () => {
  const state = withFindings(finding({ state: 'waived', waiver }), finding({ rule: 'old' }));

  test('lapses at its end, and the finding opens', () => {
    const { transitions, next } = advance(state, { kind: 'lapsed', at: until });
    expect(transitions).toEqual([
      { rule: 'stale', was: 'waived', kind: 'lapsed', waiver, cause: 'expired' },
    ]);
    expect(next.findings.get('stale')).toMatchObject({ state: 'open', waiver: null });
  });

  test('holds until then', () => {
    const at = new Date(until.getTime() - 1);
    expect(advance(state, { kind: 'lapsed', at })).toEqual({ transitions: [], next: state });
  });
});

describe('the baseline of a waiver', () => {
  const change = (digest: string, ended: boolean) => ({
    waiverChanges: [{ waiver: 'W-1', hash: 'h', digest, void: ended }],
  });
  const keptAfter = (...changes: ReturnType<typeof change>[]) =>
    changes.reduce((state, one) => advance(state, observed(present(), one)).next, newKey()).waived;

  test('is the one that was recorded first, even if sweeps overlap', () => {
    expect(keptAfter(change('a', false), change('b', false)).get('h')?.digest).toBe('a');
  });

  test('stays void once it is void', () => {
    expect(keptAfter(change('a', true), change('a', false)).get('h')?.void).toBe(true);
  });
});

describe('an observation', () => {
  const known = advance(newKey(), observed(present())).next;
  const broken = { violations: [{ rule: 'stale', facts: {}, waiver: null }] };

  test('changes nothing after a newer one, or after the same one', () => {
    expect(advance(known, observed(present(), broken))).toEqual({ transitions: [], next: known });
    const older = { ...present({ type: 'other' }), at: ago(1) };
    expect(advance(known, observed(older, broken)).next).toBe(known);
    const newer = { ...present({ type: 'other' }), at: ago(-1) };
    expect(advance(known, observed(newer, broken))).toMatchObject({
      transitions: [{ rule: 'stale', kind: 'opened' }],
      next: { memory: { type: 'other' } },
    });
  });

  test('that is unknown changes nothing unless a rule is broken', () => {
    const later = { ...unreachable, at: ago(-1) };
    const silent = observed(later, { unjudged: [], known: false });
    expect(changesNothing(silent)).toBe(true);
    expect(advance(known, silent)).toEqual({ transitions: [], next: known });
    const { transitions, next } = advance(known, observed(later, { ...broken, known: false }));
    expect(changesNothing(observed(later, broken))).toBe(false);
    expect(transitions).toMatchObject([{ kind: 'opened' }]);
    expect(next.memory).toBe(known.memory);
    expect(changesNothing(observed(present()))).toBe(false);
  });
});
