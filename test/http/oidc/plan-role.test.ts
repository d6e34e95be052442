import { expect, test } from 'vitest';
import type { OidcRoles } from '../../../src/config/http/oidc-config.ts';
import { planRole } from '../../../src/http/oidc/plan-role.ts';

const roles: OidcRoles = {
  claim: 'groups',
  operator: ['sec'],
  auditor: ['audit'],
  viewer: ['all'],
};

test('the highest role wins, in any order', () => {
  expect(planRole({ groups: ['all', 'audit', 'sec'] }, roles)).toBe('operator');
  expect(planRole({ groups: ['all', 'audit'] }, roles)).toBe('auditor');
  expect(planRole({ groups: ['all'] }, roles)).toBe('viewer');
});

test.each([
  undefined,
  null,
  {},
  [],
  '',
  '*',
  ['*'],
  [['sec']],
  { sec: true },
  'SEC',
  ' sec',
  'sec,all',
])('%j gives no role', (groups) => {
  expect(planRole({ groups }, roles)).toBeUndefined();
});

test('a star gives its role to anybody, and hides no higher one', () => {
  const open = { ...roles, viewer: ['*'] };
  expect(planRole({}, open)).toBe('viewer');
  expect(planRole({ groups: ['sec'] }, open)).toBe('operator');
});

test('a claim may stand deeper, and one of that very name comes first', () => {
  const deep = { ...roles, claim: 'realm_access.roles' };
  expect(planRole({ realm_access: { roles: ['sec'] } }, deep)).toBe('operator');
  expect(planRole({ 'realm_access.roles': 'all', realm_access: { roles: ['sec'] } }, deep)).toBe(
    'viewer',
  );
  const named = { ...roles, claim: 'https://k.example/roles' };
  expect(planRole({ 'https://k.example/roles': ['audit'] }, named)).toBe('auditor');
  expect(planRole({}, { ...roles, claim: '__proto__.x' })).toBeUndefined();
});
