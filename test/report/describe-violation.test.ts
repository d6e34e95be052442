import { expect, test } from 'vitest';
import type { PolicyRule } from '../../src/evaluate/policy/policy.ts';
import { fingerprint } from '../../src/keys/fingerprint.ts';
import { describeViolation } from '../../src/report/describe-violation.ts';
import { openedAt } from './world.ts';

const rule: PolicyRule = {
  id: 'stale-45',
  type: 'stale',
  after: 45 * 86_400_000,
  severity: 'high',
  controls: ['CIS AWS 4.0 1.12'],
};
const facts = { idleDays: 61, allowedDays: 45 };
const about = { rule, source: 'prod', keyId: 'k', keyName: 'n', owner: 'o', firstSeen: openedAt };

test('a violation is described with the words, severity and controls of its rule', () => {
  expect(
    describeViolation({ ...about, violation: { rule: 'stale-45', facts, waiver: null } }),
  ).toEqual({
    fingerprint: fingerprint('prod', 'k', 'stale-45'),
    rule: 'stale-45',
    type: 'stale',
    severity: 'high',
    status: 'open',
    source: 'prod',
    keyId: 'k',
    message: 'not used for 61 days; the limit is 45 days',
    facts,
    controls: ['CIS AWS 4.0 1.12'],
    waiver: null,
    firstSeen: openedAt,
    keyName: 'n',
    owner: 'o',
  });
});

test('a violation under a waiver counts as waived', () => {
  const violation = { rule: 'stale-45', facts, waiver: 'W-12' };
  expect(describeViolation({ ...about, violation }).status).toBe('waived');
});
