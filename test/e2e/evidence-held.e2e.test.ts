/** @module-tag long */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createWorld, describeStacks, type World } from './world.ts';

const tokens = [
  { name: 'ops', token: 'token-of-ops', role: 'operator' },
  { name: 'eve', token: 'token-of-eve', role: 'viewer' },
];

/** The three commands that read the evidence, and the bytes of the pack. */
async function readEvidence(world: World, name: string, env: Record<string, string> = {}) {
  const pack = join(world.folder, `${name}.tar.gz`);
  const [listed] = JSON.parse((await world.run(['sweeps', 'list', '--format', 'json'], env)).stdout)
    .sweeps as { id: string }[];
  const commands = [
    ['check'],
    ['export', '--from', '2020-01-01', '--to', '2020-12-31', '--output', pack, '--quiet'],
    ['show', listed?.id ?? '', 'key_stale'],
  ];
  const ended = [];
  for (const args of commands) ended.push(await world.run(['evidence', ...args], env));
  const told = ended.map(({ code, stdout }) => ({ code, stdout }));
  expect(
    told.map(({ code }) => code),
    ended.map(({ stderr }) => stderr).join(''),
  ).toEqual([0, 0, 0]);
  return { told, bytes: await readFile(pack) };
}

describeStacks('the evidence, while start runs', ['embedded', 'postgres'], (stack) => {
  test('is checked, exported and shown by commands as it is without it', async () => {
    const world = await createWorld({ stack, config: { http: { port: 0, tokens } } });
    try {
      expect((await world.run(['sweep'])).code).toBe(1);
      const started = world.launch(['start']);
      await started.says('keysweep is ready');
      const during = await readEvidence(world, 'during');
      const ready = started.stderr.split('\n').find((line) => line.includes('keysweep is ready'));
      const server = {
        KEYSWEEP_CONFIG: '/nowhere/keysweep.yaml',
        KEYSWEEP_SERVER: `http://127.0.0.1:${JSON.parse(ready ?? '').port}`,
      };
      const remote = { ...server, KEYSWEEP_TOKEN: 'token-of-ops' };
      expect(await readEvidence(world, 'remote', remote)).toEqual(during);

      const viewer = { ...server, KEYSWEEP_TOKEN: 'token-of-eve' };
      const refused = await world.run(['evidence', 'check'], viewer);
      expect([refused.code, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toMatch(/^[^\n]+\n$/);
      expect((await started.end('SIGTERM')).code).toBe(0);
      expect(await readEvidence(world, 'after')).toEqual(during);
    } finally {
      await world.close();
    }
  });
});
