import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspace } from '../../policy-test/workspace.ts';
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
