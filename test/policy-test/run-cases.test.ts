import { expect, test } from 'vitest';
import { renderMistake } from '../../src/documents/mistake.ts';
import type { CaseResult } from '../../src/policy-test/case-result.ts';
import { readCases } from '../../src/policy-test/read-cases.ts';
import { runCases } from '../../src/policy-test/run-cases.ts';
import { policy, workspace } from './workspace.ts';

async function runAll(cases: string, files: Record<string, string> = {}, needsApprovals = false) {
  const cwd = workspace(cases, files);
  const read = await readCases(['cases.yaml'], { cwd });
  expect(read.mistakes.map(renderMistake)).toEqual([]);
  return runCases(read.files, { inventory: undefined, cwd, needsApprovals });
}

/** The one case with these fields. */
async function runOne(fields: string, files: Record<string, string> = {}): Promise<CaseResult> {
  const { files: ran } = await runAll(`  - { name: a, ${fields} }\n`, files);
  const [result] = ran[0]?.cases ?? [];
  if (result === undefined) throw new Error('no case');
  return result;
}

const differencesOf = async (fields: string) => (await runOne(fields)).differences;

test('a case passes when exactly what it expects comes', async () => {
  expect(await differencesOf('expect: { verdict: pass }')).toEqual([]);
  const idle = 'observed: { lastUsed: 45d ago }';
  expect(await differencesOf(`${idle}, expect: { violations: [stale-45] }`)).toEqual([]);
  expect(await differencesOf(`${idle}, expect: { verdict: fail }`)).toEqual([]);
});

test('a difference says what was expected and what came', async () => {
  const idle = 'observed: { lastUsed: 45d ago }';
  expect(await differencesOf(`${idle}, expect: { verdict: pass }`)).toEqual([
    'verdict: expected pass, came fail by stale-45: not used for 45 days; the limit is 45 days',
  ]);
  expect(await differencesOf(`${idle}, expect: { violations: [woke] }`)).toEqual([
    'violation: expected woke, which did not come',
    'violation: not expected, came stale-45: not used for 45 days; the limit is 45 days',
  ]);
  expect(await differencesOf('observed: { lastUsed: x }, expect: { verdict: pass }')).toEqual([
    'verdict: expected pass, came unknown by stale-45: field-unreadable, lastUsed',
  ]);
});

test('a case that names rules of one kind means that there are none of the others', async () => {
  const both = 'observed: { lastUsed: x }, expect:';
  expect(await differencesOf(`${both} { violations: [] }`)).toEqual([
    'unknown: not expected, came stale-45: field-unreadable, lastUsed',
    'unknown: not expected, came woke: field-unreadable, lastUsed',
  ]);
  expect(await differencesOf(`${both} { unknowns: [stale-45, woke] }`)).toEqual([]);
});

test('of a key of which nothing is known, the whole is unknown', async () => {
  const gone = 'observed: { unknown: timeout }, expect:';
  expect(await differencesOf(`${gone} { unknowns: ["*"] }`)).toEqual([]);
  expect(await differencesOf(`${gone} { verdict: pass }`)).toEqual([
    'verdict: expected pass, came unknown by the whole key: timeout, as the case has it',
  ]);
  expect(await differencesOf('expect: { unknowns: ["*"] }')).toEqual([
    'unknown: expected the whole key, which did not come',
  ]);
});

test('both sides of a limit can be told apart by a second', async () => {
  const idle = (span: string) =>
    runOne(`observed: { lastUsed: ${span} ago }, expect: { verdict: pass }`);
  expect((await idle('44d 23h 59m 59s')).actual.verdict).toBe('pass');
  expect((await idle('45d')).actual.verdict).toBe('fail');
});

test('nights before say only what was not as it is now', async () => {
  const before = 'before: [{ at: 1d ago, lastUsed: 62d ago }]';
  expect(await differencesOf(`${before}, expect: { violations: [woke] }`)).toEqual([]);
  const named = 'observed: { createdOn: 100d ago, lastUsed: 1h ago }';
  expect(await differencesOf(`${before}, ${named}, expect: { violations: [woke] }`)).toEqual([]);
});

test('an event that was acknowledged is over', async () => {
  const night = (more: string) =>
    `before: [{ at: 3d ago, lastUsed: 70d ago }, { at: 2d ago, lastUsed: 2d ago${more} }]`;
  expect(await differencesOf(`${night('')}, expect: { violations: [woke] }`)).toEqual([]);
  const done = night(', acknowledged: [woke]');
  expect(await differencesOf(`${done}, expect: { verdict: pass }`)).toEqual([]);
});

test('what the vendor says in a case may be hostile, and of any kind', async () => {
  const { actual } = await runOne(
    'observed: { name: "\\u001b[31m", scopes: 9 }, expect: { verdict: pass }',
  );
  expect(actual.verdict).toBe('pass');
});

const waivers = `waivers:
  - { id: W-1, rule: stale-45, keys: [{ source: prod, keyId: key_1 }], reason: r, requestedBy: ann, approvedBy: bob, expires: 2027-01-31 }
  - { id: W-2, rule: woke, match: { owner: [nobody] }, reason: r, requestedBy: ann, approvedBy: [bob, cid], expires: 2027-01-31 }
`;

test('a waived violation is expected as such', async () => {
  const files = { 'policy.yaml': policy + waivers };
  const idle = 'observed: { lastUsed: 45d ago }, expect:';
  const waived = await runOne(`${idle} { verdict: waived, waived: [stale-45] }`, files);
  expect(waived.differences).toEqual([]);
  const { differences } = await runOne(`${idle} { violations: [stale-45] }`, files);
  expect(differences).toEqual([
    'violation: expected stale-45, which did not come',
    'waived: not expected, came stale-45: not used for 45 days; the limit is 45 days; by W-1',
  ]);
});

test('a waiver ends with its day', async () => {
  const files = { 'policy.yaml': policy + waivers };
  const at = (instant: string) =>
    runOne(`at: ${instant}, observed: { lastUsed: 45d ago }, expect: { verdict: waived }`, files);
  expect((await at('2027-01-31T23:59:59.999Z')).differences).toEqual([]);
  expect((await at('2027-02-01T00:00:00Z')).actual.verdict).toBe('fail');
});

test('rules that no case breaks and waivers that match none of its keys are told', async () => {
  const { policies } = await runAll(
    '  - { name: a, rule: stale-45, observed: { lastUsed: 45d ago }, expect: { verdict: waived } }\n',
    { 'policy.yaml': policy + waivers },
  );
  expect(policies[0]?.warnings).toEqual([
    'no case breaks the rule woke',
    'no case breaks the rule gone',
    'waiver W-2 matches no key of the cases',
  ]);
  expect(policies[0]?.rules[0]).toEqual({
    ...{ rule: 'stale-45', type: 'stale' },
    ...{ cases: 1, broken: 1, unknown: 0 },
  });
});

test('where waivers need approvals, only those count that the file says are approved', async () => {
  const waived = `${policy}waivers:
  - { id: W-1, rule: stale-45, match: { type: [secret] }, reason: r, requestedBy: ann, approvedBy: [bob, cid], expires: 2999-01-31 }
`;
  const cases =
    '  - { name: a, key: { source: prod, keyId: k }, observed: { lastUsed: 50d ago }, expect: { verdict: waived } }\n';
  const verdict = async (more: string, needsApprovals: boolean) => {
    const { files } = await runAll(cases + more, { 'policy.yaml': waived }, needsApprovals);
    return files[0]?.cases[0]?.actual.verdict;
  };
  expect(await verdict('', false)).toBe('waived');
  expect(await verdict('', true)).toBe('fail');
  expect(await verdict('approved: [W-1]\n', true)).toBe('waived');
  expect(await verdict('approved: []\n', false)).toBe('fail');
});
