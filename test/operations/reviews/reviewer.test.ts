import { expect, test } from 'vitest';
import type { Caller, Proof } from '../../../src/operations/caller.ts';
import { assertMayDecide, mayDecide } from '../../../src/operations/reviews/reviewer.ts';
import type { ReviewSheet } from '../../../src/report/review/review-model.ts';

const sheet: ReviewSheet = {
  ...{ sheet: 0, owner: 'payments', keys: 1, answered: 0 },
  reviewers: [
    { name: 'payments', mail: 'pay@shop.example', withdrawnAt: new Date() },
    { name: 'ann', mail: null, withdrawnAt: null },
    { name: 'mark', mail: null, withdrawnAt: null },
    { name: 'mobile', mail: 'old@shop.example', withdrawnAt: null },
  ],
};
const owners = new Map([
  ['ann', { channels: [], email: 'ann@shop.example' }],
  ['mobile', { channels: [], email: 'new@shop.example' }],
]);

const viewer = (name: string, proof?: Proof): Caller => {
  return { name, role: 'viewer', from: '192.0.2.7', proof };
};
const person = (mail: string | null, login: string | null) =>
  viewer('somebody (sub-1)', { known: 'oidc', subject: 'sub-1', mail, login });
const token = { known: 'token' } as const;

test.each([
  ['a token with the name of a reviewer', viewer('ann', token)],
  ['a token with the name of the owner', viewer('Payments', token)],
  ['the mail that the review was sent to', person('PAY@shop.example', null)],
  ['the mail that is configured now', person('ann@shop.example', null)],
  ['the mail that replaced the one that it was sent to', person('new@shop.example', null)],
  ['a login that is a name', person(null, 'ann')],
  ['an operator, whoever that is', { ...viewer('olga', token), role: 'operator' as const }],
])('%s may decide', (_who, caller) => {
  expect(mayDecide(caller, sheet, owners)).toBe(true);
  expect(() => assertMayDecide(caller, sheet, owners)).not.toThrow();
});

test.each([
  ['another token', viewer('eve', token)],
  ['another mail', person('eve@shop.example', 'eve')],
  ['the mail that was replaced since it was sent', person('old@shop.example', null)],
  ['a mail that is not verified, chosen as a login', person(null, 'ann@shop.example')],
  [
    'a name that the provider shows',
    viewer('ann', { known: 'oidc', subject: 's', mail: null, login: null }),
  ],
  // U+212A, the sign of a unit, becomes the letter k when it is written small.
  ['a login whose letters only look alike', person(null, 'mar\u212a')],
  ['somebody who showed nothing', viewer('ann')],
  ['an auditor', { ...viewer('audit', token), role: 'auditor' as const }],
])('%s may not', (_who, caller) => {
  expect(mayDecide(caller, sheet, owners)).toBe(false);
  expect(() => assertMayDecide(caller, sheet, owners)).toThrow('does not permit');
});
