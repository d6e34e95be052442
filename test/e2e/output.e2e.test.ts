import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, freshKey, staleKey, type World } from './world.ts';

const run = promisify(execFile);

let world: World;
beforeAll(async () => {
  const fleet = Array.from({ length: 3_000 }, (_, at) => ({ ...staleKey, id: `key_${at}` }));
  world = await createWorld({
    fleet: [...fleet, freshKey],
    source: { rateLimit: { requests: 100_000, per: '1s' } },
  });
  await world.run(['sweep', '--quiet', '--output', join(world.folder, 'first.txt')]);
});
afterAll(() => world.close());

const main = new URL('../../dist/src/main.js', import.meta.url).pathname;
test('a reader that leaves early ends the output, not the command', async () => {
  const env = { ...process.env, KEYSWEEP_CONFIG: join(world.folder, 'keysweep.yaml') };
  const command = `${process.execPath} ${main} report --format json | head -c 100; exit \${PIPESTATUS[0]}`;
  const ended = await run('bash', ['-c', command], { env }).catch((error) => error);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toBe('');
  expect(ended.stdout).toHaveLength(100);
});

test('a file is there whole or not at all', async () => {
  const output = join(world.folder, 'report.json');
  const { code, stdout } = await world.run(['report', '--format', 'json', '--output', output]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(JSON.parse(await readFile(output, 'utf8')).violations).toHaveLength(3_000);

  const nowhere = join(world.folder, 'no', 'such', 'folder.json');
  const failed = await world.run(['report', '--output', nowhere]);
  expect(failed.code).toBe(2);
  expect(failed.stderr).toBe(`${nowhere}: cannot be written (ENOENT)\n`);
  expect((await readdir(world.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('quiet is quiet', async () => {
  const { stderr } = await world.run(['report', '--quiet', '--severity', 'critical']);
  expect(stderr).toBe('');
});

test('lists fail on what is open only where they are asked to', async () => {
  const codeOf = async (...flags: string[]) => (await world.run(['findings', ...flags])).code;
  expect(await codeOf()).toBe(0);
  expect(await codeOf('--status', 'resolved', '--fail-on', 'high')).toBe(1);
  expect(await codeOf('--fail-on', 'critical')).toBe(0);
});

test('keys are listed by the severity of their findings', async () => {
  const listed = async (severity: string) => {
    const flags = ['--format', 'json', '--severity', severity, '--fail-on', severity];
    const { code, stdout } = await world.run(['keys', 'list', ...flags]);
    return { code, ids: JSON.parse(stdout).keys.map((key: { keyId: string }) => key.keyId) };
  };
  const high = await listed('high');
  expect(high).toMatchObject({ code: 1, ids: { length: 3_000 } });
  expect(high.ids).not.toContain(freshKey.id);
  expect(await listed('critical')).toEqual({ code: 0, ids: [] });
});
