import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { policy, workspace } from '../../policy-test/workspace.ts';
import { run } from '../run.ts';

const good = '  - { name: passes a used key, rule: stale-45, expect: { verdict: pass } }\n';
const idle =
  '  - { name: fails an idle key, rule: stale-45, observed: { lastUsed: 45d ago }, expect: { violations: [stale-45] } }\n';
const wrong =
  '  - { name: "passes \\u202eevil", rule: stale-45, observed: { lastUsed: 45d ago }, expect: { verdict: pass } }\n';

function testCases(folder: string, ...args: string[]) {
  return run(['policy', 'test', join(folder, 'cases.yaml'), ...args]);
}

test('cases that pass are listed and end with 0', async () => {
  const { code, stdout, stderr } = await testCases(workspace(good + idle));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/cases\.yaml {2}2 of 2 cases pass\n/);
  expect(stdout).toContain('  ✓ stale-45  passes a used key\n');
  expect(stdout).toContain('  warning: no case breaks the rule woke\n');
  expect(stdout).toMatch(/2 cases in 1 file: 2 pass; 2 warnings\n$/);
});

test('a case that fails says what was expected and what came, where, and ends with 1', async () => {
  const { code, stdout } = await testCases(workspace(good + wrong));
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /✗ stale-45 {2}passes \\u\{202e\}evil\n {6}verdict: expected pass, came fail by stale-45: not used for 45\n?.* days; the limit is 45 days\n {6}at .*cases\.yaml:7:5\n/,
  );
  expect(stdout).toMatch(/2 cases in 1 file: 1 passes, 1 fails; 2 warnings\n$/);
});

test('quiet leaves out what passes', async () => {
  const { stdout } = await testCases(workspace(good + wrong), '--quiet');
  expect(stdout).not.toContain('passes a used key');
  expect(stdout).toContain('evil');
});

test('what passes with a warning fails when it is to be strict', async () => {
  const folder = workspace(good + idle);
  expect((await testCases(folder, '--strict')).code).toBe(1);
  const one = policy.split('\n').slice(0, 3).join('\n');
  const whole = workspace(
    `${good + idle}  - { name: gone, observed: { missing: true }, expect: { violations: [missing] } }\n`,
    { 'policy.yaml': `${one}\n` },
  );
  expect(await testCases(whole, '--strict')).toMatchObject({ code: 0 });
});

test('every mistake is a line, with exit 2 and nothing on stdout', async () => {
  const folder = workspace('  - { name: a, expect: { verdict: good } }\n  - { nam: b }\n');
  const { code, stdout, stderr } = await testCases(folder);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toHaveLength(4);
  expect(stderr).toMatch(/cases\.yaml:6:35 cases\.0\.expect\.verdict: must be one of pass/);
  const none = await run(['policy', 'test', join(folder, 'none.yaml')]);
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(none.stderr).toMatch(/none\.yaml:1:1 \(file\): cannot be read: there is no such file\n$/);
});

test('JSON holds the cases, what came and the rules', async () => {
  const { code, stdout } = await testCases(workspace(good + wrong), '--format', 'json');
  const report = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(report).toMatchObject({
    schema: 'keysweep.policy-test/1',
    totals: { files: 1, cases: 2, passed: 1, failed: 1, warnings: 2 },
    files: [{ cases: [{ name: 'passes a used key', passed: true, differences: [] }, {}] }],
    policies: [{ version: '7', rules: [{ rule: 'stale-45', broken: 1 }, {}, {}] }],
  });
  expect(report.files[0].cases[1]).toMatchObject({
    passed: false,
    line: 7,
    actual: { verdict: 'fail', violations: [{ rule: 'stale-45', facts: { idleDays: 45 } }] },
    expected: { verdict: 'pass' },
  });
});

test('the result goes to a file when one is named', async () => {
  const folder = workspace(good);
  const file = join(folder, 'out.json');
  const { stdout } = await testCases(folder, '--format', 'json', '--output', file);
  expect(stdout).toBe('');
  expect(JSON.parse(readFileSync(file, 'utf8')).totals.cases).toBe(1);
  const dash = await testCases(folder, '--format', 'json', '--output', '-');
  expect(dash.stdout).toBe(readFileSync(file, 'utf8'));
});

test('another policy may be put in the place of the one that the cases name', async () => {
  const stricter = policy.replace('45d', '30m');
  const folder = workspace(good, { 'strict.yaml': stricter });
  expect((await testCases(folder)).code).toBe(0);
  expect((await testCases(folder, '--policy', join(folder, 'strict.yaml'))).code).toBe(1);
  const { code, stderr } = await testCases(folder, '--policy', join(folder, 'none.yaml'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/policy: .*there is no such file/);
});

const waivers = `waivers:
  - { id: W-1, rule: woke, keys: [{ source: prod, keyId: key_9 }, { source: prod, keyId: key_8 }], reason: r, requestedBy: ann, approvedBy: bob, expires: 2027-01-31 }
  - { id: W-2, rule: woke, match: { owner: [payments] }, reason: r, requestedBy: ann, approvedBy: [bob, cid], expires: 2027-01-31 }
  - { id: W-3, rule: woke, match: { type: [public] }, reason: r, requestedBy: ann, approvedBy: [bob, cid], expires: 2027-01-31 }
`;
const ofWaivers = (stdout: string) =>
  stdout.split('\n').flatMap((line) => /warning: (waiver .*)/.exec(line)?.[1] ?? []);

test('waivers are looked for among the cases, or where it is given in the inventory', async () => {
  const keys = 'source,key_id,owner\nprod,key_9,ann\n';
  const folder = workspace(good, { 'policy.yaml': policy + waivers, 'keys.csv': keys });
  expect(ofWaivers((await testCases(folder)).stdout)).toEqual([
    'waiver W-1 matches no key of the cases',
    'waiver W-2 matches no key of the cases',
    'waiver W-3 matches no key of the cases',
  ]);
  const { stdout } = await testCases(folder, '--inventory', join(folder, 'keys.csv'));
  expect(ofWaivers(stdout)).toEqual([
    'waiver W-1 names 1 key that the inventory does not: prod key_8',
    'waiver W-2 matches no key of the inventory',
  ]);
});

test('the configuration is asked for its inventory only, and needs no secrets for that', async () => {
  const config = `sources: [{ id: prod, appSecret: "\${UNSET}" }]\ninventory: [{ file: keys.csv }]\nfuture: x\n`;
  const folder = workspace(good, {
    'policy.yaml': policy + waivers,
    'keysweep.yaml': config,
    'keys.csv': 'source,key_id,owner\nprod,key_9,payments\nprod,key_8,x\n',
  });
  const { code, stdout } = await testCases(folder, '--config', join(folder, 'keysweep.yaml'));
  expect(code).toBe(0);
  expect(ofWaivers(stdout)).toEqual([]);
  const missing = await testCases(folder, '--config', join(folder, 'none.yaml'));
  expect(missing).toMatchObject({ code: 2, stdout: '' });
});

test('an inventory with mistakes is refused', async () => {
  const folder = workspace(good, { 'keys.csv': 'source,key_id\nprod,key_9\nprod,key_9\n' });
  const { code, stderr } = await testCases(folder, '--inventory', join(folder, 'keys.csv'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/keys\.csv:3:6 key_id: "key_9" of this source is listed already/);
  const none = await testCases(folder, '--inventory', join(folder, 'none.csv'));
  expect(none.stderr).toMatch(/none\.csv:1:1 \(file\): cannot be read/);
});

test('the configuration says whether waivers need approvals', async () => {
  const folder = workspace(
    '  - { name: a, key: { source: prod, keyId: key_9, owner: payments }, observed: { lastUsed: 50d ago }, expect: { verdict: waived } }\n',
    {
      'policy.yaml': `${policy}${waivers.replaceAll('woke', 'stale-45')}`,
      'with.yaml': 'approvals: signed-in\n',
      'without.yaml': 'sources: []\n',
      'strange.yaml': 'approvals: nobody\n',
    },
  );
  const ask = async (name: string) =>
    (await testCases(folder, '--config', join(folder, name))).code;
  expect([await ask('without.yaml'), await ask('with.yaml'), await ask('strange.yaml')]).toEqual([
    0, 1, 1,
  ]);
});
