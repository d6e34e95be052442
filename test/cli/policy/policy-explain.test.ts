import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runPolicyExplain } from '../../../src/cli/policy/policy-explain.ts';
import { policy, workspace } from '../../policy-test/workspace.ts';
import { collect, nobody, run } from '../run.ts';

const page = (type: string) =>
  readFileSync(fileURLToPath(new URL(`../../../docs/rules/${type}.md`, import.meta.url)), 'utf8');

test('the page of a type is printed as it is where nobody looks', async () => {
  expect(await run(['policy', 'explain', 'stale'])).toEqual({
    code: 0,
    stdout: page('stale'),
    stderr: '',
  });
});

test('a rule of a policy is told with what it is set to, before the page of its type', async () => {
  const rules = `version: "7"
rules:
  - id: stale-45
    type: stale
    after: 45d
    warnBefore: 36h
    severity: high
    match: { type: [secret, service] }
    controls: ["CIS AWS v5: 1.11"]
waivers:
  - { id: W-1, rule: stale-45, keys: [{ source: prod, keyId: key_1 }], reason: seasonal, requestedBy: ann, approvedBy: bob, expires: 2999-01-31 }
  - { id: W-0, rule: stale-45, keys: [{ source: prod, keyId: key_1 }], reason: over, requestedBy: ann, approvedBy: bob, expires: 2025-12-31 }
`;
  const folder = workspace('', { 'p.yaml': rules });
  const { code, stdout } = await run([
    ...['policy', 'explain', 'stale-45'],
    ...['--policy', join(folder, 'p.yaml')],
  ]);
  expect(code).toBe(0);
  expect(stdout).toBe(`# The rule stale-45

- a \`stale\` rule of policy 7, severity high
- \`after\`: 45d
- \`warnBefore\`: 36h
- applies to keys whose type is one of secret, service
- controls: CIS AWS v5: 1.11
- waived by W-1 until the end of 2999-01-31, UTC: seasonal
- no longer waived by W-0, which ended at the end of 2025-12-31, UTC: over

${page('stale')}`);
});

test('the policy of the configuration is asked, and its secrets are not', async () => {
  const config = `policy: policy.yaml\nsources: [{ id: prod, appSecret: "\${UNSET}" }]\n`;
  const folder = workspace('', { 'policy.yaml': policy, 'keysweep.yaml': config });
  const file = join(folder, 'keysweep.yaml');
  const { stdout, stderr } = await run(['policy', 'explain', 'woke', '--config', file]);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^# The rule woke\n\n- a `reawakened` rule.*\n- `dormant`: 60d\n/);
  expect((await run(['policy', 'explain', 'woke'], { KEYSWEEP_CONFIG: file })).stdout).toBe(stdout);
});

test('a rule that is none is said, with those that there are', async () => {
  const folder = workspace('');
  const args = ['policy', 'explain', 'wake', '--policy', join(folder, 'policy.yaml')];
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/there is no rule "wake"; the types are stale, .*stale-45, woke, gone\n$/);
  expect((await run(['policy', 'explain', '../../README'])).code).toBe(2);
  expect((await run(['policy', 'explain', 'toString'])).code).toBe(2);
});

test('a policy that was named and is broken is told, even where a type is asked for', async () => {
  const folder = workspace('', { 'bad.yaml': 'version: 1\n' });
  const { code, stderr } = await run([
    ...['policy', 'explain', 'stale'],
    ...['--policy', join(folder, 'bad.yaml')],
  ]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/bad\.yaml:1:10 version: must be text/);
});

test('a person at a terminal gets headings and no marks', async () => {
  const out = collect();
  const stdout = Object.assign(out.stream, { isTTY: true, columns: 60 });
  const terminal = {
    env: {},
    cwd: '/',
    stdin: nobody,
    stdout,
    stderr: stdout,
    signal: AbortSignal.any([]),
  };
  expect(await runPolicyExplain(terminal, 'stale', { color: true })).toBe(0);
  const bold = `${String.fromCharCode(27)}[1m`;
  expect(out.text()).toContain(`${bold}STALE`);
  expect(out.text()).not.toMatch(/^#|\*\*|```/m);
});

test('where colours are forced, a pipe gets headings too', async () => {
  const { stdout } = await run(['policy', 'explain', 'stale'], { FORCE_COLOR: '1' });
  expect(stdout).toContain(`${String.fromCharCode(27)}[1mSTALE`);
});

test('a policy that was asked for and cannot be read is the whole reason, in the order of its lines', async () => {
  const folder = workspace('', {
    'bad.yaml':
      'version: "1"\nrules:\n' +
      '  - { id: a, type: unowned, severity: low }\n' +
      '  - { id: a, type: unowned, severity: low, extra: 1 }\n',
  });
  const bad = await run(['policy', 'explain', 'stale-45', '--policy', join(folder, 'bad.yaml')]);
  expect({ ...bad, stderr: bad.stderr.trimEnd().split('\n') }).toEqual({
    code: 2,
    stdout: '',
    stderr: [
      expect.stringMatching(/bad\.yaml:4:11 rules\.1\.id: a is given twice$/),
      expect.stringMatching(/bad\.yaml:4:44 rules\.1\.extra: unknown key; known are /),
    ],
  });
  const none = await run(['policy', 'explain', 'stale-45', '--policy', join(folder, 'none.yaml')]);
  expect(none.stderr).toMatch(/none\.yaml: cannot be read: there is no such file\n$/);
  expect(none.stderr).not.toContain('there is no rule');
});

test('a waiver that needs an approval is not said to waive', async () => {
  const waiver =
    'waivers: [{ id: W-1, rule: woke, keys: [{ source: prod, keyId: k }], reason: r, requestedBy: ann, approvedBy: bob, expires: 2999-01-31 }]\n';
  const folder = workspace('', {
    'policy.yaml': policy + waiver,
    'keysweep.yaml': 'policy: policy.yaml\napprovals: signed-in\n',
  });
  const config = join(folder, 'keysweep.yaml');
  const { stdout } = await run(['policy', 'explain', 'woke', '--config', config]);
  expect(stdout).toContain(
    'waived by W-1 until the end of 2999-01-31, UTC, once bob signed in and approved it: r',
  );
});
