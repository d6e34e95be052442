import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { launch } from './command.ts';

const policies = fileURLToPath(new URL('../../config/policies/', import.meta.url));
const cases = readdirSync(policies)
  .filter((file) => file.endsWith('.cases.yaml'))
  .map((file) => join(policies, file));

/** A home with nothing in it: no configuration, no store. */
function emptyHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'keysweep-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  mkdirSync(join(home, 'config'));
  return home;
}

test('the shipped policies pass their cases with no configuration, store or network', async () => {
  const home = emptyHome();
  const { code, stdout, stderr } = await launch(['policy', 'test', '--strict', ...cases], {
    HOME: home,
    KEYSWEEP_CONFIG: join(home, 'none.yaml'),
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    REDIS_URL: 'redis://127.0.0.1:1',
  }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^\d+ cases in 4 files: \d+ pass\n$/m);
  expect(readdirSync(join(home, 'config'))).toEqual([]);
});

test('the installed package contains the pages of rules', async () => {
  const { code, stdout } = await launch(['policy', 'explain', 'reawakened'], {}).ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# reawakened\n/);
});
