import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspace } from '../../policy-test/workspace.ts';
import { run } from '../run.ts';

const config = (policy: string) => `
store: { url: "pglite:store" }
sources: [{ id: prod, type: flexcharge, baseUrl: "https://api.example.com", appKey: k, appSecret: s }]
inventory: [{ file: keys.csv }]
policy: ${policy}
nonsense: 1
`;
const wrong = 'version: "1"\nrules: [{ id: old, type: too-old, after: never, severity: low }]\n';

async function backtest(configured: string) {
  const folder = workspace('', {
    'keysweep.yaml': config(configured),
    'keys.csv': 'source,key_id\nprod,key_1\n',
    'other.yaml': wrong,
    'right.yaml': 'version: "1"\nrules: [{ id: old, type: too-old, after: 90d, severity: low }]\n',
  });
  const files = ['--policy', join(folder, 'other.yaml'), '--config', join(folder, 'keysweep.yaml')];
  const { code, stderr } = await run(['policy', 'backtest', ...files]);
  return { code, lines: stderr.trimEnd().split('\n') };
}

test('mistakes of the configuration and of the policy are reported together', async () => {
  const { code, lines } = await backtest('right.yaml');
  expect(code).toBe(2);
  expect(lines).toEqual([
    expect.stringMatching(/keysweep\.yaml:6:1 nonsense: unknown key/),
    expect.stringMatching(/other\.yaml:2:\d+ rules\.0\.after: /),
  ]);
});

test('a mistake of the policy that the configuration names is reported once', async () => {
  const { lines } = await backtest('other.yaml');
  expect(lines.filter((line) => line.includes('rules.0.after'))).toHaveLength(1);
  expect(lines).toHaveLength(2);
});
