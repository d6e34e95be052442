import { describe, expect, test } from 'vitest';
import { type KnownFinding, newKey } from '../../../src/evaluate/history/key-state.ts';
import type { Transition } from '../../../src/evaluate/history/transition.ts';
import { planSightings } from '../../../src/record/findings/plan-sightings.ts';

const last = new Date('2026-11-29T01:00:00.000Z');
const asOf = new Date('2026-11-30T01:00:00.000Z');
const waiver = { id: 'W-1', hash: 'one', reason: 'seasonal', until: new Date('2027-01-31') };
const open: KnownFinding = {
  ...{ rule: 'stale', type: 'stale', state: 'open', waiver: null, resolution: null },
  ...{ facts: { idleDays: 60 }, policy: 1, seenAt: last },
};
const seen: Transition = { rule: 'stale', was: 'open', kind: 'seen', waiver: null };

/** Plans one key with this finding before and after a transition. */
function plan(before: KnownFinding, after: KnownFinding, transition: Transition | undefined) {
  const findings = (one: KnownFinding) => new Map([[one.rule, one]]);
  return planSightings({
    row: 7,
    state: { ...newKey(), findings: findings(before) },
    next: { ...newKey(), findings: findings(after) },
    transitions: transition === undefined ? [] : [transition],
  });
}

describe('a finding that a sweep sees again', () => {
  const facts = { idleDays: 61 };
  const after = { ...open, facts, seenAt: asOf };

  test('leaves its row as it is: the row of its key has when and why', () => {
    expect(plan(open, after, seen)).toEqual({
      ...{ row: 7, moves: [], unseen: [] },
      sightings: { stale: { at: '2026-11-30T01:00:00.000Z', facts } },
    });
    const [before, still] = [open, after].map(
      (one) => ({ ...one, state: 'waived', waiver }) as const,
    );
    if (before === undefined || still === undefined) throw new Error();
    expect(plan(before, still, { ...seen, was: 'waived', waiver: 'W-1' }).moves).toEqual([]);
  });

  test.each([
    ['under another policy', { policy: 2 }],
    ['under another waiver', { waiver: { ...waiver, hash: 'two' } }],
    ['by a sweep that opened earlier', { seenAt: new Date(last.getTime() - 1) }],
    ['by a sweep that opened in the same millisecond', { seenAt: last }],
    ['with another event', { facts: { now: [], past: ['lastFour changed'] } }],
  ])('is written in its row %s', (_, difference) => {
    const { moves, sightings } = plan(open, { ...after, ...difference }, seen);
    expect([moves.length, sightings]).toEqual([1, null]);
  });
});

describe('a finding that a sweep does not see', () => {
  test('is unseen only while it is open', () => {
    expect(plan(open, open, undefined)).toMatchObject({ moves: [], unseen: ['stale'] });
    const ended: KnownFinding = { ...open, state: 'resolved', resolution: 'fixed' };
    expect(plan(ended, ended, undefined)).toMatchObject({ moves: [], unseen: [] });
  });

  test('has moved where the sweep ends it', () => {
    const resolved = { rule: 'stale', was: 'open', kind: 'resolved', resolution: 'fixed' } as const;
    const ended: KnownFinding = { ...open, state: 'resolved', resolution: 'fixed' };
    const { moves, unseen, sightings } = plan(open, ended, resolved);
    expect([moves.length, unseen, sightings]).toEqual([1, [], null]);
  });
});
