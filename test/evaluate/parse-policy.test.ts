import { describe, expect, test } from 'vitest';
import { InvalidPolicy, parsePolicy } from '../../src/evaluate/parse-policy.ts';

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

  test('without a rule for missing keys has one, severity low', () => {
    expect(policyOf(unowned('a')).rules.at(-1)).toEqual({
      id: 'missing',
      type: 'missing',
      severity: 'low',
      controls: [],
    });
  });

  test('names it otherwise where its name is taken', () => {
    expect(policyOf(unowned('missing')).rules.at(-1)?.id).toBe('missing-key');
    const both = policyOf(unowned('missing'), unowned('missing-key'));
    expect(both.rules.at(-1)?.id).toBe('missing-key-2');
  });

  test('may let the inventory alone say which scopes are approved', () => {
    expect(policyOf('{ id: o, type: over-scoped, severity: low }').rules).toHaveLength(2);
  });
});

describe('text that is no policy is refused', () => {
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

  test('with an error that says not to try again', () => {
    expect.assertions(1);
    try {
      parsePolicy('');
    } catch (error) {
      expect(error).toMatchObject({ code: 'KEYSWEEP_INVALID_POLICY', retryable: false });
    }
  });
});
