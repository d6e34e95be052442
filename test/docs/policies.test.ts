import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../cli/run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('the cases on the page of policies are right, and pass under the policy they name', async () => {
  const page = readFileSync(`${root}docs/policies.md`, 'utf8');
  const [, cases = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'page.cases.yaml'), cases);
  copyFileSync(`${root}config/policies/starter.yaml`, join(folder, 'starter.yaml'));
  const { code, stdout } = await run(['policy', 'test', join(folder, 'page.cases.yaml')]);
  expect(stdout).toMatch(/2 cases in 1 file: 2 pass/);
  expect(code).toBe(0);
});
