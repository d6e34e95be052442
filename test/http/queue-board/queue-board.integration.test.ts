import { expect, inject, onTestFinished, test } from 'vitest';
import type { Caller } from '../../../src/operations/caller.ts';
import { openRedisBackend, openStoreBackend } from '../../../src/queue/backend.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { noSecrets } from '../../queue/no-secrets.ts';
import { describeStores } from '../../record/stores.ts';
import { freshRedisPrefix } from '../../support/redis.ts';
import { openDashboard } from '../pages/a-dashboard.ts';
import { openBoard } from './a-queue-board.ts';

const operator: Caller = { name: 'olga', role: 'operator', from: '127.0.0.1' };
const asBrowser = { headers: { accept: 'text/html' }, redirect: 'manual' as const };
const redisUrl = inject('redisUrl');

function openRedis() {
  const { prefix, drop } = freshRedisPrefix(redisUrl ?? '');
  onTestFinished(drop);
  const events = { connectionFailed: () => undefined };
  return openRedisBackend({ kind: 'redis', prefix }, { ...noSecrets, redisUrl }, events);
}

async function showJobs(database: Database, backend: ReturnType<typeof openRedis>) {
  const { board, requests } = openBoard(backend);
  const { ask } = await openDashboard(database, operator, { queueBoard: board });
  const data = {
    reason: '<img src=x onerror=alert(1)>',
    keys: Array.from({ length: 1_000 }, (_, n) => ({ source: 's', keyId: `key_${n}` })),
    apiToken: 'never-shown-1',
    nested: { password: 'never-shown-2' },
  };
  const opts = { telemetry: { metadata: '{}' }, jobId: 'hostile' };
  await requests.add('audit-keys', data, opts);
  await requests.add('"><script>', ['never-shown'].join(), { delay: 3_600_000 });

  const listed = await ask(
    '/queue-board/api/queues?activeQueue=keysweep-requests&page=1&jobsPerPage=10',
  );
  expect(listed.status).toBe(200);
  const text = await listed.text();
  const { queues } = JSON.parse(text);
  expect(queues.map(({ name }: { name: string }) => name)).toEqual([
    'keysweep-requests',
    'keysweep-sweeps',
    'keysweep-audits',
    'keysweep-alerts',
  ]);
  expect(queues[0]).toMatchObject({ readOnlyMode: true, counts: { waiting: 1, delayed: 1 } });
  expect(text).toContain('<img src=x onerror=alert(1)>');
  const job = await ask('/queue-board/api/queues/keysweep-requests/hostile');
  const shown = await job.text();
  expect(JSON.parse(shown)).toMatchObject({ status: 'waiting', job: { id: 'hostile' } });
  for (const said of [text, shown]) {
    expect(said).not.toContain('never-shown-');
    expect(said.length).toBeLessThan(20_000);
  }
  return { ask, requests };
}

test.skipIf(redisUrl === undefined)(
  'jobs on Redis are shown, with nothing secret in them',
  async () => {
    const { ask, requests } = await showJobs({} as Database, openRedis());
    expect(ask).toBeDefined();
    await requests.obliterate({ force: true });
  },
);

describeStores('the board of a queue in the store', (get) => {
  test('shows its jobs, with nothing secret in them', async () => {
    await showJobs(get(), openStoreBackend(get()));
  });

  test('is for operators only', async () => {
    const { board, denied } = openBoard(openStoreBackend(get()));
    for (const path of ['/queue-board', '/queue-board/api/queues', '/queue-board/static/x.js']) {
      for (const role of ['viewer', 'auditor'] as const) {
        const { ask } = await openDashboard(get(), { ...operator, role }, { queueBoard: board });
        const refused = await ask(path, asBrowser);
        expect([path, refused.status]).toEqual([path, 403]);
        expect(await refused.text()).toContain(`${role} does not permit the board of the queue`);
      }
      const { ask } = await openDashboard(get(), 'nobody', { queueBoard: board });
      const led = await ask(path, asBrowser);
      expect([led.status, led.headers.get('location')]).toEqual([
        303,
        `/sign-in?next=${encodeURIComponent(path)}`,
      ]);
      expect((await ask(path)).status).toBe(401);
    }
    expect(denied).toContain('olga queueBoard');
  });

  test('answers nothing that would change the queue', async () => {
    const { board, requests } = openBoard(openStoreBackend(get()));
    const { ask } = await openDashboard(get(), operator, { queueBoard: board });
    await requests.add('audit-keys', {}, { jobId: 'kept' });
    const at = '/queue-board/api/queues';
    for (const [method, path] of [
      ['PUT', `${at}/pause`],
      ['PUT', `${at}/keysweep-requests/pause`],
      ['PUT', `${at}/keysweep-requests/empty`],
      ['PUT', `${at}/keysweep-requests/obliterate`],
      ['PUT', `${at}/keysweep-requests/kept/clean`],
      ['POST', `${at}/keysweep-requests/add`],
      ['PATCH', `${at}/keysweep-requests/kept/update-data`],
      ['DELETE', `${at}/keysweep-requests/kept`],
    ] as const) {
      expect([path, (await ask(path, { method })).status]).toEqual([path, 404]);
    }
    expect(await requests.getJob('kept')).toBeDefined();
    expect(await requests.isPaused()).toBe(false);
  });

  test('serves its own files, and no other ones', async () => {
    const { board } = openBoard(openStoreBackend(get()));
    const { ask } = await openDashboard(get(), operator, { queueBoard: board });
    const page = await ask('/queue-board', asBrowser);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; style-src 'self'; script-src 'self'");
    expect(policy).not.toMatch(/unsafe|http|data:/);
    const html = await page.text();
    expect(html).not.toMatch(/https?:\/\/|<style| style="/);
    const paths = [...html.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, path]) => path);
    expect(paths.length).toBeGreaterThan(3);
    for (const path of [...paths, 'static/locales/en-US/messages.json']) {
      const file = await ask(`/queue-board/${path}`);
      expect([path, file.status]).toEqual([path, 200]);
      expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
    for (const path of ['..%2findex.ejs', '%2e%2e/index.ejs', 'nothing.js', 'constructor']) {
      expect((await ask(`/queue-board/static/${path}`)).status).toBe(404);
    }
    for (const path of ['/queue-board/', '/queue-board/queue/keysweep-audits']) {
      expect((await ask(path, asBrowser)).status).toBe(200);
    }
  });

  test('is not there unless it is wanted, and the navigation leads to it for operators', async () => {
    const { board } = openBoard(openStoreBackend(get()));
    const link = '<a href="/queue-board">Queue</a>';
    const without = await openDashboard(get(), operator);
    expect((await without.ask('/queue-board')).status).toBe(404);
    expect(await (await without.ask('/policy')).text()).not.toContain(link);
    const wanted = await openDashboard(get(), operator, { queueBoard: board });
    expect(await (await wanted.ask('/policy')).text()).toContain(link);
    const viewer = await openDashboard(
      get(),
      { ...operator, role: 'viewer' },
      { queueBoard: board },
    );
    expect(await (await viewer.ask('/policy')).text()).not.toContain(link);
  });
});
