import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { goodConfig, goodPolicy, workspace } from '../../config/workspace.ts';
import { run } from '../run.ts';

const keys = 'source,key_id,owner,tags\nprod,key_2,ann,pci|eu\nprod,key_1,,\n';

async function list(...args: string[]) {
  const cwd = workspace({ 'config/keys.csv': keys, 'config/policy.yaml': goodPolicy });
  const file = join(cwd, 'config', 'keysweep.yaml');
  const ended = await run(['keys', 'list', '--config', file, ...args], {
    FLEX_KEY: 'k',
    FLEX_SECRET: 's',
  });
  expect(existsSync(join(cwd, 'config', '.keysweep'))).toBe(false);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout;
}

test('before the first sweep the inventory is listed, and no store is made', async () => {
  expect(goodConfig).toContain('prod');
  const table = await list();
  expect(table).toMatch(/not audited yet {2}key_1 .*\n.*not audited yet {2}key_2 .* ann /);

  const { keys: listed } = JSON.parse(await list('--format', 'json'));
  expect(listed).toMatchObject([
    { source: 'prod', keyId: 'key_1', verdict: null, observedAt: null, tags: [] },
    { source: 'prod', keyId: 'key_2', verdict: null, owner: 'ann', tags: ['pci', 'eu'] },
  ]);

  const rows = parse(await list('--format', 'csv'), { bom: true, columns: true });
  expect(rows).toMatchObject([
    { key_id: 'key_1', verdict: 'not audited yet', observed_at_utc: '' },
    { key_id: 'key_2', verdict: 'not audited yet', tags: 'pci|eu' },
  ]);
});

test('nothing has findings before the first sweep', async () => {
  expect(await list('--severity', 'low', '--fail-on', 'low')).toBe('No keys.\n');
});
