import { describe, expect, test } from 'vitest';
import { InvalidPolicy, parsePolicy } from '../../../src/evaluate/policy/parse-policy.ts';

const policyOf = (...rules: string[]) =>
  parsePolicy(`version: "1"\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`);
const unowned = (id: string) => `{ id: ${id}, type: unowned, severity: low }`;

describe('a policy', () => {
  test('has its rules as they were written, durations in milliseconds', () => {
    const policy = policyOf(
      '{ id: s, type: stale, after: 45d, severity: high, controls: [C], match: { owner: ["a*"] } }',
      '{ id: o, type: over-scoped, allow: [], severity: critical }',
      '{ id: gone, type: missing, severity: info }',
    );
    expect(policy).toEqual({
      version: '1',
      rules: [
        {
          id: 's',
          type: 'stale',
          after: 45 * 86_400_000,
          severity: 'high',
          controls: ['C'],
          match: { owner: ['a*'] },
        },
        { id: 'o', type: 'over-scoped', allow: [], severity: 'critical', controls: [] },
        { id: 'gone', type: 'missing', severity: 'info', controls: [] },
      ],
      waivers: [],
    });
  });

  test('without a rule for missing keys gets one with severity low', () => {
    expect(policyOf(unowned('a')).rules.at(-1)).toEqual({
      id: 'missing',
      type: 'missing',
      severity: 'low',
      controls: [],
    });
  });

  test('gives that rule another id if the id is taken', () => {
    expect(policyOf(unowned('missing')).rules.at(-1)?.id).toBe('missing-key');
    const both = policyOf(unowned('missing'), unowned('missing-key'));
    expect(both.rules.at(-1)?.id).toBe('missing-key-2');
  });

  test('may have an over-scoped rule that uses only the inventory', () => {
    expect(policyOf('{ id: o, type: over-scoped, severity: low }').rules).toHaveLength(2);
  });
});

describe('a warning before the limit', () => {
  const stale = '{ id: s, type: stale, after: 45d, severity: high, warnBefore: 7d, controls: [C] }';

  test('is a separate rule, right after the rule that it warns of', () => {
    const { rules } = policyOf(stale, unowned('o'));
    expect(rules.map(({ id }) => id)).toEqual(['s', 's.due', 'o', 'missing']);
    const { id: _id, severity: _severity, ...same } = rules[0] ?? {};
    expect(rules[1]).toEqual({ id: 's.due', severity: 'info', due: true, ...same });
    expect(rules[1]).toMatchObject({ warnBefore: 7 * 86_400_000 });
    expect(rules[0]).not.toHaveProperty('due');
  });

  test('cannot be written as a rule', () => {
    expect(() => policyOf('{ id: s, type: stale, after: 45d, severity: high, due: true }')).toThrow(
      InvalidPolicy,
    );
  });
});

describe('waivers', () => {
  const waived = (parts: string) =>
    parsePolicy(`version: "1"
rules: [${unowned('o')}]
waivers:
  - { id: W, rule: o, reason: r, requestedBy: ann, ${parts} }
`);
  const named = 'keys: [{ source: s, keyId: k }], approvedBy: bob';

  test('are read with approvers as a list and the end of their day', () => {
    expect(waived(`${named}, expires: 2027-01-31`).waivers).toEqual([
      {
        id: 'W',
        rule: 'o',
        reason: 'r',
        requestedBy: 'ann',
        keys: [{ source: 's', keyId: 'k' }],
        approvedBy: ['bob'],
        expires: new Date('2027-02-01T00:00:00Z'),
      },
    ]);
    expect(waived(`${named}, expires: 2028-02-28`).waivers[0]?.expires).toEqual(
      new Date('2028-02-29T00:00:00Z'),
    );
  });

  test('stay in a pinned policy, however long ago they ended', () => {
    expect(waived(`${named}, expires: 1999-12-31`).waivers).toHaveLength(1);
  });

  test.each([
    ['expires: 2027-01-31, approvedBy: bob', 'waivers.0: needs keys, or a match'],
    [`${named.replace('bob', 'Ann')}, expires: 2027-01-31`, 'somebody else than requestedBy'],
    ['match: {}, approvedBy: [b, c], expires: 2027-01-31', 'waivers.0.match: must say what'],
    ['match: { owner: [x] }, approvedBy: b, expires: 2027-01-31', 'a list of two people'],
    [`${named}, expires: 2027-02-30`, 'waivers.0.expires'],
  ])('are checked again when a pinned policy is parsed: %s', (parts, words) => {
    expect(() => waived(parts)).toThrow(InvalidPolicy);
    expect(() => waived(parts)).toThrow(words);
  });
});

describe('text that is not a policy is refused', () => {
  test.each([
    ['', 'not valid'],
    ['version: "1"', 'rules'],
    ['version: "1"\nrules: []', 'at least one rule'],
    ['version: 1\nrules: [{ id: a, type: missing, severity: low }]', 'version'],
    [`version: "1"\nrules: [${unowned('a')}, ${unowned('a')}]`, 'rules.1.id: a is given twice'],
    [`version: "1"\nrules: [${unowned('-a')}]`, 'rules.0.id'],
    [`version: "1"\nrules: [${unowned('a')}]\nextra: 1`, 'extra'],
    ['version: "1"\nrules: [{ id: a, type: missing, severity: severe }]', 'severity'],
    ['version: "1"\nrules: [{ id: a, type: stale, severity: low }]', 'after'],
    ['version: "1\\0"\nrules: [{ id: a, type: missing, severity: low }]', 'control characters'],
    ['a: [', 'YAML'],
    ['a: *b', 'YAML'],
    ['a: 1\na: 2', 'YAML'],
  ])('%j', (text, words) => {
    expect(() => parsePolicy(text)).toThrow(InvalidPolicy);
    expect(() => parsePolicy(text)).toThrow(words);
  });

  test('with an error that is not retryable', () => {
    expect.assertions(1);
    try {
      parsePolicy('');
    } catch (error) {
      expect(error).toMatchObject({ code: 'KEYSWEEP_INVALID_POLICY', retryable: false });
    }
  });
});
