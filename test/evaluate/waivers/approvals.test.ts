import { describe, expect, test } from 'vitest';
import {
  findWaiting,
  hashApproval,
  listApproved,
  settleWaivers,
} from '../../../src/evaluate/waivers/approvals.ts';
import { planApproval } from '../../../src/evaluate/waivers/plan-approval.ts';
import type { Waiver } from '../../../src/evaluate/waivers/waiver.ts';
import { aBroadWaiver, aWaiver } from './a-waiver.ts';

const approve = (waiver: Waiver, ...approvers: readonly string[]) =>
  approvers.map((approver) => ({ hash: hashApproval(waiver), approver }));

describe('a waiver', () => {
  test.each<[string, Partial<Waiver>]>([
    ['another key', { keys: [...(aWaiver().keys ?? []), { source: 'prod', keyId: 'key_2' }] }],
    ['another reason', { reason: 'another one' }],
    ['another approver', { approvedBy: ['cid'] }],
    ['another person who asked', { requestedBy: 'eve' }],
    ['another rule', { rule: 'stale-90' }],
    ['another day', { expires: new Date('2999-01-01T00:00:00Z') }],
  ])('with %s needs a new approval', (_what, difference) => {
    const given = approve(aWaiver(), 'bob', 'cid');
    const changed = aWaiver(difference);
    expect(listApproved([aWaiver()], given)).toEqual(['W-1']);
    expect(listApproved([changed], given)).toEqual([]);
    expect(findWaiting([changed], given)).toEqual([
      { waiver: changed, approvers: changed.approvedBy },
    ]);
  });

  test('keeps its approval when its keys stand in another order, or one stands twice', () => {
    const [one, two] = ['key_1', 'key_2'].map((keyId) => ({ source: 'prod', keyId }));
    const keys = [one, two].flatMap((key) => key ?? []);
    const given = approve(aWaiver({ keys }), 'bob');
    expect(listApproved([aWaiver({ keys: [...keys].reverse() })], given)).toEqual(['W-1']);
    expect(listApproved([aWaiver({ keys: [...keys, ...keys] })], given)).toEqual(['W-1']);
  });

  test('waits for each of its approvers', () => {
    const waiver = aBroadWaiver({ owner: ['a'] });
    expect(findWaiting([waiver], approve(waiver, 'bob'))).toEqual([{ waiver, approvers: ['cid'] }]);
    expect(findWaiting([waiver], approve(waiver, 'cid', 'bob'))).toEqual([]);
    expect(findWaiting([waiver], approve(waiver, 'bob', 'Cid'))).toHaveLength(1);
  });
});

test('a policy keeps the waivers that count, and says which wait', () => {
  const [one, two] = [aWaiver(), aWaiver({ id: 'W-2' })];
  const policy = { version: '1', rules: [], waivers: [one, two] };
  expect(settleWaivers(policy, null)).toBe(policy);
  expect(settleWaivers(policy, ['W-2'])).toEqual({ ...policy, waivers: [two], waiting: [one] });
  expect(settleWaivers(policy, [])).toEqual({ ...policy, waivers: [], waiting: [one, two] });
});

describe('an approval', () => {
  const bob = {
    ...{ names: ['bob', 'bob@x.example'], allNames: ['bob (s-1)', 's-1', 'rob@x.example'] },
    person: 'oidc s-1',
  };
  const broad = aBroadWaiver({ owner: ['a'] });

  test.each([
    ['by a login', ['bob'], 'bob'],
    ['by a mail in any case', ['Bob@X.example'], 'Bob@X.example'],
  ])('is given %s that the waiver names', (_how, approvedBy, approver) => {
    expect(planApproval(aWaiver({ approvedBy }), bob, [])).toEqual({ kind: 'approve', approver });
  });

  test.each([
    ['who is not named', { approvedBy: ['cid'] }, 'is to be approved by cid; you are signed in as'],
    ['whose name only looks alike', { approvedBy: ['ｂｏｂ'] }, 'is to be approved by'],
    ['whose name holds the one of the waiver', { approvedBy: ['bo'] }, 'is to be approved by bo'],
    ['who is named by what people choose', { approvedBy: ['rob@x.example'] }, 'is to be approved'],
    ['who asked for it by another name', { requestedBy: 'rob@x.example' }, 'you asked for'],
    ['who asked for it', { requestedBy: 'BOB@x.example' }, 'you asked for waiver W-1'],
    ['who asked for it in letters that look alike', { requestedBy: 'ｂｏｂ' }, 'you asked for'],
  ])('is refused to somebody %s', (_who, difference, why) => {
    const planned = planApproval(aWaiver({ approvedBy: ['bob'], ...difference }), bob, []);
    expect(planned).toMatchObject({ kind: 'refuse', why: expect.stringContaining(why) });
  });

  test('is given once by each person, whatever names they have', () => {
    const waiver = { ...broad, approvedBy: ['bob', 'bob@x.example'] };
    const given = [{ approver: 'bob', person: bob.person }];
    expect(planApproval(waiver, bob, [])).toEqual({ kind: 'approve', approver: 'bob' });
    expect(planApproval(waiver, bob, given)).toEqual({ kind: 'before', approver: 'bob' });
  });

  test('is refused in a name in which somebody else has approved', () => {
    const given = [{ approver: 'bob', person: 'token bob' }];
    expect(planApproval(aWaiver(), bob, given)).toMatchObject({
      kind: 'refuse',
      why: 'somebody else has approved waiver W-1 in this name',
    });
  });

  test('is refused to somebody without a name', () => {
    expect(planApproval(aWaiver(), { names: [], allNames: [], person: 'x' }, [])).toMatchObject({
      kind: 'refuse',
    });
  });
});
