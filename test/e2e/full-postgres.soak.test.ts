import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startPostgres } from '../support/postgres.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import type { Running } from './command.ts';
import { queryRecords } from './records.ts';
import { createWorld, freshKey, hasStack, staleKey, type World } from './world.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Every second key is forgotten. What is said of each takes room of its own. */
const fleet = Array.from({ length: 2_000 }, (_, at) => ({
  ...(at % 2 === 0 ? staleKey : freshKey),
  id: `key_${at}`,
  name: randomBytes(400).toString('hex'),
}));

async function statusOf({ stderr }: Running, path: string): Promise<number> {
  const ready = stderr.split('\n').find((line) => line.includes('keysweep is ready')) ?? '{}';
  return (await fetch(`http://127.0.0.1:${JSON.parse(ready).port}/${path}`)).status;
}

const verdicts = (world: World) =>
  queryRecords<{ closed: boolean; verdict: number | null; keys: number }>(
    world,
    `select s.closed_at is not null as closed, k.verdict, count(*)::integer as keys
     from keysweep.sweep s join keysweep.sweep_key k on k.sweep_id = s.id
     group by 1, 2 order by 2`,
  );

test.skipIf(!hasStack('redis'))(
  'a PostgreSQL whose disk fills up in the middle of a sweep keeps its outcomes, and few keys are asked for again',
  async () => {
    const disk = await mountSmallDisk(200);
    closers.push(() => disk.remove());
    const postgres = await startPostgres([], { parent: disk.folder });
    closers.push(() => postgres.close());
    const world = await createWorld({
      stack: 'redis',
      fleet,
      databaseUrl: postgres.url,
      source: { rateLimit: { requests: 200, per: '1s' } },
    });
    closers.push(() => world.close());
    const running = world.launch(['start']);
    await running.says('keysweep is ready');
    world.launch(['sweep', '--no-worker']);
    await eventually('the sweep runs', () => world.sandbox.requests.key > 300);
    await disk.fill(0);
    await eventually('it is not ready', async () => (await statusOf(running, 'readyz')) === 503, {
      deadlineMs: 60_000,
      everyMs: 250,
    });
    for (let look = 0; look < 20; look += 1) {
      expect(await statusOf(running, 'healthz')).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await disk.empty();
    // Without room for its log the server may end itself; its supervisor starts it again.
    if (postgres.pid === undefined) await postgres.restart();
    await eventually('it is ready', async () => (await statusOf(running, 'readyz')) === 200);
    const closed = await eventually(
      'the sweep is closed',
      async () => {
        const rows = await verdicts(world);
        return rows[0]?.closed === true ? rows : undefined;
      },
      { deadlineMs: 180_000, everyMs: 500 },
    );
    expect(closed).toEqual([
      { closed: true, verdict: 1, keys: 1_000 },
      { closed: true, verdict: 2, keys: 1_000 },
    ]);
    expect(world.sandbox.requests.key).toBeLessThanOrEqual(2_700);
    expect((await running.end('SIGTERM')).code).toBe(0);
  },
);
