import { expect, test } from 'vitest';
import { type Access, type CallerRole, permits } from '../../src/options/roles.ts';

test.each<[CallerRole, readonly Access[]]>([
  ['viewer', ['read']],
  ['auditor', ['read', 'evidence']],
  ['operator', ['read', 'evidence', 'trial', 'write']],
])('a %s may do this and nothing else: %j', (role, allowed) => {
  const all: readonly Access[] = ['read', 'evidence', 'trial', 'write'];
  expect(all.filter((access) => permits(role, access))).toEqual(allowed);
});
