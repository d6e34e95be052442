import { describe, expect, test } from 'vitest';
import { hashApproved } from '../../../src/evaluate/waivers/hash-approved.ts';
import { nameObject } from '../../../src/evidence/manifest.ts';
import { day } from '../verify/installation.ts';
import { nightAt, start } from '../verify/scenes.ts';
import { aWaiver, changeOf, daysIn, Kept, policy, policyWaiving, reviewOf } from './a-summary.ts';

const person = { known: 'oidc', asserted: null, subject: 's', mail: 'ann@acme.example' };

describe('controls', () => {
  test('are those of the policies, with the sweeps whose policy had one of their rules', () => {
    const kept = new Kept();
    kept.night(0);
    const other = kept.home.sweep({ dueAt: nightAt(1) });
    const { controls, policies, ticks } = kept.summary();
    expect(ticks).toMatchObject({ due: 2, held: 2 });
    const counts = controls.map(({ control, rules, checked }) => ({ control, rules, checked }));
    expect(counts).toEqual([
      { control: 'CC6.2', rules: ['broad', 'stale', 'stale.due'], checked: 1 },
      { control: 'PCI 7.2.5.1', rules: ['stale', 'stale.due'], checked: 1 },
      { control: null, rules: ['named'], checked: 1 },
    ]);
    expect(policies).toMatchObject([
      { hash: nameObject(policy), sweeps: 1, isRead: true },
      { sweeps: 1, firstLeaf: other, isRead: false },
    ]);
  });

  test('count what opened, closed and stands, and the longest that anything was open', () => {
    const kept = new Kept();
    const since = nightAt(0).getTime() - 40 * day;
    kept.night(0, [changeOf(0, 'opened')]);
    kept.night(1, [changeOf(1, 'resolved', { keyId: 'key_2', since })]);
    kept.night(2, [], [{ rule: 'stale', open: 1, waived: 2, since: nightAt(0).getTime() }]);
    expect(kept.summary().controls.at(1)).toMatchObject({
      ...{ control: 'PCI 7.2.5.1', opened: 1, closed: 1, longestDays: 41 },
      standing: { open: 1, waived: 2 },
    });
    expect(kept.summary().controls.at(2)).toMatchObject({
      ...{ control: null, opened: 0, closed: 0, longestDays: undefined },
      standing: { open: 0, waived: 0 },
    });
  });

  test('count no days for what was opened after the end, by a sweep that was due before', () => {
    const kept = new Kept();
    const info = { ...kept.summary().info, to: daysIn(1).toISOString() };
    const since = daysIn(1).getTime() + 5_000;
    kept.night(
      0,
      [changeOf(0, 'opened', { since, at: since })],
      [{ rule: 'stale', open: 1, waived: 0, since }],
    );
    kept.night(2);
    expect(kept.summary({ info }).controls[0]?.longestDays).toBe(0);
  });

  test('say whether the newest full sweep checked them', () => {
    const kept = new Kept();
    kept.night(0);
    const current = () => kept.summary().controls.map(({ isCurrent }) => isCurrent);
    expect(current()).toEqual([true, true, true]);
    kept.home.sweep({ dueAt: nightAt(1.5), schedule: null, scope: 'partial' });
    expect(current()).toEqual([true, true, true]);
    kept.home.sweep({ dueAt: nightAt(1) });
    expect(current()).toEqual([false, false, false]);
  });

  test('do not say what stands where the evidence of the newest sweep is gone', () => {
    const kept = new Kept();
    kept.night(0, [changeOf(0, 'opened')]);
    const last = kept.night(1);
    kept.changes.delete(last);
    const { controls, sweeps } = kept.summary();
    expect(sweeps.removed).toEqual([last]);
    expect(controls[0]?.standing).toBeUndefined();
  });
});

describe('findings', () => {
  test('are followed from opening to closing, and anew if they open again', () => {
    const kept = new Kept();
    const first = kept.night(0, [changeOf(0, 'opened')]);
    kept.night(1, [changeOf(1, 'waived', { since: nightAt(0).getTime() })]);
    const third = kept.night(3, [changeOf(3, 'resolved', { since: nightAt(0).getTime() })]);
    const again = kept.night(5, [changeOf(5, 'reopened')]);
    kept.night(7);
    expect(kept.summary().findings).toMatchObject([
      { state: 'closed', openedLeaf: first, closedLeaf: third, days: 3, because: 'fixed' },
      { state: 'open', openedLeaf: again, closedLeaf: undefined, days: 2 },
    ]);
  });

  describe('that are waived', () => {
    const { hash } = aWaiver;
    const expires = daysIn(3).toISOString();
    const expire = (kept: Kept) =>
      kept.home.tell({ event: 'waiver-ended', waiver: 'w1', hash, because: 'expired' }, daysIn(3));
    const stateOf = (kept: Kept, keys: string | undefined) => {
      const text = policyWaiving([{ source: 'main', keyId: keys ?? '' }]);
      const policies =
        keys === undefined ? {} : { policies: new Map([[nameObject(policy), text]]) };
      return kept.summary(policies).findings[0]?.state;
    };
    const waived = () => {
      const kept = new Kept();
      kept.home.tell({ ...aWaiver, expires }, daysIn(0));
      kept.night(1, [changeOf(1, 'waived')]);
      return kept;
    };

    test('are open when the last day of their waiver is over', () => {
      const kept = waived();
      expect(stateOf(kept, undefined)).toBe('waived');
      expire(kept);
      kept.night(4);
      expect(stateOf(kept, undefined)).toBe('open');
      expect(stateOf(kept, 'key_1')).toBe('open');
    });

    test('stay waived where it named other keys, or another waiver may cover them', () => {
      const kept = waived();
      expire(kept);
      expect(stateOf(kept, 'key_2')).toBe('waived');
      const both = new Kept();
      both.home.tell({ ...aWaiver, expires }, daysIn(0));
      both.home.tell({ ...aWaiver, waiver: 'w2', hash: nameObject('w2'), expires }, daysIn(0));
      both.night(1, [changeOf(1, 'waived')]);
      expire(both);
      expect(stateOf(both, 'key_1')).toBe('waived');
    });

    test('are what they were at the end of the period', () => {
      const kept = waived();
      const info = { ...kept.summary().info, to: daysIn(2).toISOString() };
      expire(kept);
      expect(kept.summary({ info }).findings[0]?.state).toBe('waived');
    });
  });

  test('from before the period have no leaf of their opening', () => {
    const kept = new Kept();
    const since = start.getTime() - 5 * day;
    kept.night(0, [changeOf(0, 'resolved', { since })]);
    expect(kept.summary().findings).toMatchObject([
      { openedLeaf: undefined, since: new Date(since), days: 5, state: 'closed' },
    ]);
  });

  test('close where somebody acknowledged them', () => {
    const kept = new Kept();
    kept.night(0, [changeOf(0, 'opened')]);
    const { finding, source, keyId, rule } = changeOf(0, 'opened');
    const at = new Date(nightAt(0).getTime() + day / 2);
    const leaf = kept.home.tell(
      {
        event: 'acknowledged',
        finding,
        source,
        keyId,
        rule,
        by: 'ann',
        ...person,
        reason: 'known',
      },
      at,
    );
    expect(kept.summary().findings).toMatchObject([
      {
        ...{ state: 'closed', closedLeaf: leaf, closedAt: at, because: 'acknowledged' },
        by: 'ann (signed in, ann@acme.example)',
      },
    ]);
  });
});

describe('waivers', () => {
  const [waiver, at] = [aWaiver, daysIn];
  const setWith = (expires: Date, tell?: (kept: Kept) => void) => {
    const kept = new Kept();
    kept.home.tell({ ...waiver, expires: expires.toISOString() }, at(0));
    tell?.(kept);
    kept.night(1);
    return kept.summary().waivers;
  };

  test('have the controls of their rule', () => {
    expect(setWith(at(30))).toMatchObject([
      { waiver: 'w1', controls: ['CC6.2', 'PCI 7.2.5.1'], ended: undefined, approvals: [] },
    ]);
  });

  describe('have who signed in and approved them', () => {
    const keys = [
      { source: 'main', keyId: 'key_1' },
      { source: 'main', keyId: 'key_2' },
    ];
    const { hash } = waiver;
    const whole = policyWaiving(keys);
    const approve = (kept: Kept, approved: string) =>
      kept.home.tell(
        {
          ...{ event: 'waiver-approved', waiver: 'w1', hash: approved, approver: 'ann' },
          ...{ by: 'ann', ...person },
        },
        at(0),
      );
    /** Before the first sweep under the policy that has it. */
    const approvalsOf = (approved: string, more: { keys: number | null }) => {
      const kept = new Kept();
      approve(kept, approved);
      kept.home.tell({ ...waiver, ...more, expires: at(30).toISOString() }, at(0));
      const name = nameObject(whole);
      kept.home.sweep({ dueAt: nightAt(1), policy: whole });
      return kept.summary({ policies: new Map([[name, whole]]) }).waivers[0]?.approvals;
    };

    test('with the keys that they name, or with their match', () => {
      const signed = [{ approver: 'ann', by: 'ann (signed in, ann@acme.example)', leaf: 4 }];
      expect(approvalsOf(hashApproved(hash, keys), { keys: 2 })).toMatchObject(signed);
      expect(approvalsOf(hashApproved(hash, undefined), { keys: null })).toMatchObject(signed);
    });

    test('with the keys that they named, though another waiver bears their name now', () => {
      const kept = new Kept();
      approve(kept, hashApproved(hash, keys));
      kept.home.tell({ ...waiver, expires: at(30).toISOString() }, at(0));
      const policies = [whole, policyWaiving(keys.slice(1), { reason: 'another one' })];
      for (const [night, text] of policies.entries()) {
        kept.home.sweep({ dueAt: nightAt(night), policy: text });
      }
      const texts = new Map(policies.map((text) => [nameObject(text), text]));
      expect(kept.summary({ policies: texts }).waivers[0]?.approvals).toHaveLength(1);
    });

    test('but not whoever approved them with other keys', () => {
      expect(approvalsOf(hashApproved(hash, keys.slice(1)), { keys: 2 })).toEqual([]);
      expect(approvalsOf(hash, { keys: 2 })).toEqual([]);
    });
  });

  test('that ended before the period are left out, and those that ended in it are not', () => {
    expect(setWith(at(0))).toEqual([]);
    expect(setWith(at(1))).toHaveLength(1);
    const { hash } = waiver;
    const removed = setWith(at(30), (kept) =>
      kept.home.tell({ event: 'waiver-ended', waiver: 'w1', hash, because: 'removed' }, at(0.05)),
    );
    expect(removed).toMatchObject([{ ended: { because: 'removed' } }]);
  });
});

test('reviews have each step with its leaf, and who did it', () => {
  const kept = new Kept();
  const review = '6f0a3c9e-7f43-4e9b-9d3d-3a1f0c9be222';
  const at = start.toISOString();
  const opened = kept.home.tell(
    {
      ...{ event: 'reviewed', what: 'opened', review, name: 'quarterly', trigger: 'schedule' },
      ...{ dueAt: at, openedAt: at, answerBy: nightAt(9).toISOString(), keys: 3, person: null },
    },
    start,
  );
  const ann = { by: 'ann', ...person, sentTo: null };
  const bob = { ...ann, by: 'bob', known: 'link', sentTo: 'bob@acme.example' };
  kept.home.tell({ event: 'reviewed', what: 'decided', review, keys: 2, person: bob }, start);
  kept.night(1);
  expect(kept.summary().reviews).toMatchObject([
    {
      ...{ name: 'quarterly', keys: 3, decided: 2, closed: undefined, signedOff: undefined },
      opened: { leaf: opened, by: undefined },
    },
  ]);
  const answers = { keep: 2, reduce: 0, revoke: 0, 'not-mine': 0, unanswered: 1 };
  const ended = { review, answers, reason: 'looked at' };
  const late = nightAt(1);
  kept.home.tell({ event: 'reviewed', what: 'closed', ...ended, person: bob }, late);
  const last = kept.home.tell(
    { event: 'reviewed', what: 'signed-off', ...ended, person: ann },
    late,
  );
  expect(kept.summary().reviews).toMatchObject([
    {
      closed: { by: 'bob (by link sent to bob@acme.example)' },
      signedOff: { leaf: last, by: 'ann (signed in, ann@acme.example)', reason: 'looked at' },
    },
  ]);
});

test('a review counts where it was open, or was signed off', () => {
  const kept = new Kept();
  const { opened, closed, signedOff } = reviewOf(1);
  kept.home.tell(opened, daysIn(0));
  kept.home.tell(closed({}), daysIn(2));
  kept.home.tell(signedOff(), daysIn(8));
  const { info } = kept.summary();
  const between = (from: number, to: number) => {
    const days = { from: daysIn(from).toISOString(), to: daysIn(to).toISOString() };
    return kept.summary({ info: { ...info, ...days } }).reviews.length;
  };
  expect([between(0, 1), between(2, 3), between(3, 8), between(8, 9), between(9, 10)]).toEqual([
    ...[1, 1, 0, 1, 0],
  ]);
});

test('what a schedule made due that this program cannot read is not covered', () => {
  const kept = new Kept();
  kept.home.schedule(daysIn(2), { schedule: 'odd', timezone: 'Mars/Base' });
  kept.night(3);
  expect(kept.summary().uncovered).toMatchObject([
    { because: 'log-ends' },
    { because: 'unreadable-schedule', from: daysIn(2), to: daysIn(10) },
  ]);
});

test('a sweep that was due and not held has the leaf that says so', () => {
  const kept = new Kept();
  kept.night(0);
  const dueAt = nightAt(1).toISOString();
  const leaf = kept.home.tell(
    { event: 'sweep-missed', schedule: 'nightly', from: dueAt, to: dueAt, ticks: 1 },
    nightAt(1),
  );
  kept.night(3);
  const { unheld, uncovered } = kept.summary();
  expect(unheld).toMatchObject([
    { state: 'missed', leaves: [leaf], count: 1 },
    { state: 'unexplained', leaves: [], count: 1 },
  ]);
  expect(uncovered).toMatchObject([{ because: 'log-ends' }]);
});

test('a sweep that was closed too late is not held, and has the leaf that closed it', () => {
  const kept = new Kept();
  kept.night(0);
  kept.night(2);
  const leaf = kept.home.sweep({ dueAt: nightAt(1), closedAt: nightAt(3), policy });
  const { ticks, unheld, sweeps } = kept.summary();
  expect(ticks).toMatchObject({ due: 4, held: 2, late: 1, pending: 1 });
  expect(unheld).toMatchObject([
    { state: 'late', leaves: [leaf], count: 1, first: nightAt(1).getTime() },
    { state: 'pending' },
  ]);
  expect(sweeps.listed).toHaveLength(3);
});
