import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { workspace } from '../../policy-test/workspace.ts';
import { openMuteServer } from '../../support/mute-server.ts';
import { run } from '../run.ts';

const rest =
  'store: { url: "pglite:store" }\ninventory: [{ file: keys.csv }]\npolicy: policy.yaml\n';
const source =
  'sources: [{ id: prod, type: flexcharge, environment: sandbox, appKey: a, appSecret: b }]\n';

function validate(rules: string) {
  const folder = workspace('', {
    'keysweep.yaml': rest + source,
    'keys.csv': 'source,key_id,owner,environment\nprod,key_1,ann,production\n',
    'policy.yaml': `version: "1"\nrules:\n${rules}`,
  });
  return run(['config', 'validate', '--config', join(folder, 'keysweep.yaml')]);
}

test('rules that a misspelt match switches off are warned of, and are no mistakes', async () => {
  const { code, stdout, stderr } = await validate(
    '  - { id: a, type: unowned, severity: low, match: { environment: [Production] } }\n' +
      '  - { id: b, type: unowned, severity: low, match: { type: [Secret, "\\u202e"] } }\n',
  );
  expect(code).toBe(0);
  expect(stdout).toContain('valid; 1 key of 1 source, ');
  expect(stderr.trimEnd().split('\n')).toEqual([
    'warning: the match of rule a fits no key of the inventory',
    expect.stringMatching(/^warning: rule b matches on type Secret, \\u\{202e\}; /),
  ]);
});

test('a policy whose rules can all find something is warned of in nothing', async () => {
  const rule = '  - { id: a, type: unowned, severity: low, match: { environment: [prod*] } }\n';
  expect(await validate(rule)).toMatchObject({ code: 0, stderr: '' });
});

const waived = `  - { id: own, type: unowned, severity: low }
waivers:
  - { id: W-12, rule: own, keys: [{ source: prod, keyId: key_1 }], reason: r, requestedBy: ann, approvedBy: [bob, cid], expires: 2999-01-31 }
`;

test('a waiver that needs an approval waits for it, and no store is made to find that out', async () => {
  const folder = workspace('', {
    'keysweep.yaml': `${rest}${source}approvals: signed-in\n`,
    'keys.csv': 'source,key_id\nprod,key_1\n',
    'policy.yaml': `version: "1"\nrules:\n${waived}`,
  });
  const config = ['--config', join(folder, 'keysweep.yaml')];
  const { code, stdout } = await run(['config', 'validate', ...config]);
  expect(code).toBe(0);
  expect(stdout).toContain('\nwaiver W-12 waits for approval by bob and cid\n');
  const listed = await run(['policy', 'waivers', ...config]);
  expect(listed.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'W-12 no own 2999-01-31 ann waits for bob',
  );
  const json = await run(['policy', 'waivers', '--format', 'json', ...config]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    schema: 'keysweep.waivers/1',
    waivers: [{ id: 'W-12', counts: false, waitsFor: ['bob', 'cid'], approvals: [] }],
  });
  const csv = await run(['policy', 'waivers', '--format', 'csv', ...config]);
  expect(csv.stdout).toContain('W-12,own,no,2999-01-31,ann,bob|cid,bob|cid,waits for bob and cid');
  expect(existsSync(join(folder, 'store'))).toBe(false);
});

// The command waits for a store that may be starting.
const patient = { tags: ['all'], timeout: 60_000 };
test('where the approvals cannot be read, a waiver may wait', patient, async () => {
  const folder = workspace('', {
    'keysweep.yaml': `${rest.replace('pglite:store', 'postgres://nobody@127.0.0.1:1/none')}${source}approvals: signed-in\n`,
    'keys.csv': 'source,key_id\nprod,key_1\n',
    'policy.yaml': `version: "1"\nrules:\n${waived}`,
  });
  const config = ['--config', join(folder, 'keysweep.yaml')];
  const { code, stdout, stderr } = await run(['config', 'validate', ...config]);
  expect(code).toBe(0);
  expect(stderr).toContain('warning: approvals cannot be read: ');
  expect(stdout).toContain('\nwaiver W-12 waits for approval by bob and cid\n');
});

const long = { tags: ['long'], timeout: 90_000 };
test('a database that says nothing is waited for a few seconds', long, async () => {
  const mute = await openMuteServer();
  onTestFinished(() => mute.close());
  const folder = workspace('', {
    'keys.csv': 'source,key_id\nprod,key_1\n',
    'policy.yaml': `version: "1"\nrules:\n${waived}`,
    ...Object.fromEntries(
      [1, mute.port].map((port) => [
        `${port}.yaml`,
        `${rest.replace('pglite:store', `postgres://nobody@127.0.0.1:${port}/none`)}${source}approvals: signed-in\n`,
      ]),
    ),
  });
  const validateWith = (port: number) =>
    run(['config', 'validate', '--config', join(folder, `${port}.yaml`)]);
  // The first run loads the clients.
  expect((await validateWith(1)).stderr).toContain('(ECONNREFUSED)');
  const began = performance.now();
  const { code, stderr } = await validateWith(mute.port);
  expect(performance.now() - began).toBeLessThan(9_000);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/approvals cannot be read: .*ETIMED/)]);
});

test('approvals are signed-in, or are not given', async () => {
  const folder = workspace('', {
    'keysweep.yaml': `${rest}${source}approvals: anybody\n`,
    'keys.csv': 'source,key_id\nprod,key_1\n',
    'policy.yaml': `version: "1"\nrules:\n${waived}`,
  });
  const { code, stderr } = await run([
    'config',
    'validate',
    '--config',
    join(folder, 'keysweep.yaml'),
  ]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/keysweep\.yaml:5:12 approvals: must be signed-in/);
});
