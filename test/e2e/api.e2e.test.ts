import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { createWorld, staleKey } from './world.ts';

test('start makes a token, and who has it starts a sweep and reads its report over HTTP', async () => {
  const world = await createWorld({ config: { http: { port: 0, queueBoard: true } } });
  onTestFinished(() => world.close());
  const running = world.launch(['start']);
  await running.says('keysweep is ready');
  const lines = running.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const file = join(world.folder, 'store', 'http-token');
  expect(lines).toContainEqual(expect.objectContaining({ file, level: 'info' }));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const token = (await readFile(file, 'utf8')).trim();

  const { port } = lines.find(({ msg }) => msg === 'keysweep is ready') ?? {};
  const ask = (path: string, init: RequestInit = {}, shown = token) => {
    const headers = { authorization: `Bearer ${shown}`, 'content-type': 'application/json' };
    return fetch(`http://127.0.0.1:${port}/api/v1/${path}`, { ...init, headers });
  };
  expect((await ask('sweeps', {}, 'keysweep_another')).status).toBe(401);
  const asked = await ask('sweeps', { method: 'POST', body: '{"requestedBy":"ann"}' });
  expect(asked.status).toBe(202);
  const { request } = (await asked.json()) as { request: string };
  const sweepId = await eventually('the sweep is closed', async () => {
    const progress = (await (await ask(`requests/${request}`)).json()) as Record<string, unknown>;
    return progress['closed'] === true && String(progress['sweepId']);
  });
  const report = (await (await ask(`sweeps/${sweepId}`)).json()) as { violations: object[] };
  expect(report.violations).toMatchObject([{ keyId: staleKey.id, rule: 'stale-45' }]);

  // bull-board and its files are found from the built program.
  const headers = { authorization: `Bearer ${token}` };
  const board = await fetch(`http://127.0.0.1:${port}/queue-board/api/queues`, { headers });
  const { queues } = (await board.json()) as { queues: { name: string; readOnlyMode: boolean }[] };
  expect(queues).toHaveLength(4);
  expect(queues[0]).toMatchObject({ name: 'keysweep-requests', readOnlyMode: true });

  expect((await running.end('SIGTERM')).code).toBe(0);
  expect(running.stderr).not.toContain(token);
});
