import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { hasTerminal, launchAtTerminal } from './at-terminal.ts';
import { createWorld, staleKey } from './world.ts';

/** What `/metrics` says after a sweep and its alert. */
const figures = [
  /^keysweep_sweeps\{schedule="\(request\)",status="complete"\} 1$/m,
  /^keysweep_keys\{source="vendor",verdict="fail"\} 1$/m,
  /^keysweep_open_findings\{severity="high",rule="stale-45"\} 1$/m,
  /^keysweep_vendor_requests_total\{source="vendor",outcome="2xx"\} [1-9]/m,
  /^keysweep_vendor_request_duration_seconds_count\{source="vendor"\} [1-9]/m,
  /^keysweep_queue_jobs\{queue="keysweep-audits",state="waiting"\} 0$/m,
  /^keysweep_queue_wait_seconds\{queue="keysweep-audits"\} 0$/m,
  /^keysweep_alerts\{channel="siem",state="delivered"\} 1$/m,
  /^keysweep_outbox_lag_seconds\{channel="siem"\} 0$/m,
  /^keysweep_deliveries_total\{channel="siem",outcome="delivered"\} 1$/m,
  /^process_cpu_seconds_total \d/m,
];

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

  // The thread that asks the vendor hands its figures over once a second.
  await eventually('every figure has come', async () => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    for (const line of figures) expect(text).toMatch(line);
    return true;
  });

  // bull-board and its files are found from the built program.
  const headers = { authorization: `Bearer ${token}` };
  const board = await fetch(`http://127.0.0.1:${port}/queue-board/api/queues`, { headers });
  const { queues } = (await board.json()) as { queues: { name: string; readOnlyMode: boolean }[] };
  expect(queues).toHaveLength(4);
  expect(queues[0]).toMatchObject({ name: 'keysweep-requests', readOnlyMode: true });

  expect((await running.end('SIGTERM')).code).toBe(0);
  expect(running.stderr).not.toContain(token);
  expect(running.stderr).not.toContain('/sign-in?code=');
});

test.skipIf(!hasTerminal)(
  'start prints on a terminal where to sign in, once',
  { tags: ['all'] },
  async () => {
    const world = await createWorld({ config: { http: { port: 0 } } });
    onTestFinished(() => world.close());
    const start = launchAtTerminal(world, 'start');
    const link = await eventually(
      'the link is printed',
      () => /Sign in within 10 minutes: (\S+)/.exec(start.shown)?.[1],
    );
    const visit = async () => (await fetch(link, { redirect: 'manual' })).status;
    expect([await visit(), await visit()]).toEqual([303, 401]);
    start.interrupt();
    expect(await start.ended).toBe(0);
  },
);
