import { expect, test } from 'vitest';
import { renderMistake } from '../../src/documents/mistake.ts';
import { readCases } from '../../src/policy-test/read-cases.ts';
import { workspace } from './workspace.ts';

async function mistakesOf(cases: string, files: Record<string, string> = {}): Promise<string[]> {
  const cwd = workspace(cases, files);
  const { mistakes } = await readCases(['cases.yaml'], { cwd });
  return mistakes.map(renderMistake);
}

/** Line 6 of the file, with this beside a name and what is expected. */
function mistakesWith(fields: string): Promise<string[]> {
  return mistakesOf(`  - { name: a, ${fields}, expect: { verdict: pass } }\n`);
}

test('a file that is right has no mistakes', async () => {
  expect(await mistakesWith('rule: stale-45, usageLag: 0s, trackedSince: 9d ago')).toEqual([]);
  expect(await mistakesWith('trackedSince: now, before: [{ at: 1s ago }]')).toEqual([]);
});

test('all mistakes are told at once, each with its place', async () => {
  const cases = `  - name: a
    observed: { lastUsd: null, createdOn: 45d }
    expect: { verdict: fine, violations: [stale-46] }
  - { name: a, expect: {} }
  - { name: b }
  - { name: c, rule: nope, at: yesterday, expect: { unknowns: ["*"], waived: ["*"] } }
`;
  expect(await mistakesOf(cases)).toEqual([
    'cases.yaml:7:17 cases.0.observed.lastUsd: unknown key; known are at, name, type, scopes, createdOn, lastUsed, lastFour, missing, unknown',
    'cases.yaml:8:24 cases.0.expect.verdict: must be one of pass, fail, waived, unknown',
    'cases.yaml:9:24 cases.1.expect: must expect something: a verdict, violations, waived or unknowns',
    'cases.yaml:10:5 cases.2.expect: is missing',
    'cases.yaml:11:32 cases.3.at: must be an instant: 2026-11-23T12:00:00Z',
    'cases.yaml:9:13 cases.1.name: a is given twice',
    'cases.yaml:7:43 cases.0.observed.createdOn: must say which way: 45d ago, or in 45d',
    'cases.yaml:8:43 cases.0.expect.violations.0: there is no rule "stale-46" in the policy',
    'cases.yaml:11:22 cases.3.rule: there is no rule "nope" in the policy',
    'cases.yaml:11:79 cases.3.expect.waived.0: there is no rule "*" in the policy',
  ]);
});

test.each([
  ['observed: { missing: true, name: x }', /observed.name: cannot stand beside missing/],
  ['observed: { missing: true, unknown: timeout }', /unknown: cannot stand beside missing/],
  ['observed: { unknown: forbidden, scopes: [] }', /scopes: cannot stand beside unknown/],
  ['observed: { unknown: missing }', /unknown: must be one of unreachable, timeout/],
  ['observed: { missing: false }', /missing: must be true/],
  ['before: [{ lastUsed: null }]', /before.0.at: is missing/],
  ['before: [{ at: now }]', /before.0.at: must be before the at of the case/],
  ['before: [{ at: 1d ago }, { at: 1d ago }]', /before.1.at: must come after the one before it/],
  [
    'before: [{ at: 1d ago, acknowledged: [x] }]',
    /acknowledged.0: there is no rule "x" in the pol/,
  ],
  ['before: [{ at: soon }]', /before.0.at: must be an instant such as/],
  ['trackedSince: in 1s', /trackedSince: must not be after the at of the case/],
  ['key: { keyId: ".." }', /keyId: must not be . or ../],
  ['usageLag: 5', /usageLag: must be a whole, positive duration/],
  ['at: 2026-11-23', /cases.0.at: must be an instant/],
])('%s is a mistake', async (fields, words) => {
  const lines = await mistakesWith(fields);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(words);
  expect(lines[0]).toMatch(/^cases\.yaml:6:\d+ /);
});

test('a file without cases, without an instant, or that is none, is a mistake', async () => {
  const whole = (text: string) => mistakesOf('', { 'cases.yaml': text });
  expect(await whole('policy: policy.yaml\ncases: []\n')).toEqual([
    'cases.yaml:2:8 cases: must hold at least one case',
  ]);
  expect(await whole('policy: policy.yaml\n')).toEqual(['cases.yaml:1:1 cases: is missing']);
  const noAt = 'policy: policy.yaml\ncases:\n  - { name: a, expect: { verdict: pass } }\n';
  expect(await whole(noAt)).toEqual(['cases.yaml:3:5 cases.0: needs an at, here or in defaults']);
  expect(await whole('')).toEqual(['cases.yaml:1:1 (file): is empty']);
  expect(await whole('cases: [')).toHaveLength(1);
});

test('the mistakes of a policy are told once, however many files are about it', async () => {
  const cwd = workspace('  - { name: a, expect: { verdict: pass } }\n', {
    'policy.yaml': 'version: "1"\nrules:\n  - { id: a, type: stale, after: 45, severity: high }\n',
    'more.yaml': 'policy: policy.yaml\ncases: []\n',
  });
  const files = ['cases.yaml', 'more.yaml', './cases.yaml'];
  const { mistakes } = await readCases(files, { cwd });
  expect(mistakes.map(renderMistake)).toEqual([
    'more.yaml:2:8 cases: must hold at least one case',
    expect.stringMatching(/^policy\.yaml:3:34 rules\.0\.after: must be a whole/),
  ]);
});

test('a policy that cannot be opened is a mistake of the line that names it', async () => {
  const cases = 'policy: none.yaml\ncases: [{ name: a, at: 2026-11-23T12:00:00Z, expect: {} }]\n';
  const [, line] = await mistakesOf('', { 'cases.yaml': cases });
  expect(line).toBe('cases.yaml:1:9 policy: cannot be read: there is no such file');
});
