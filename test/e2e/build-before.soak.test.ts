import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { type BuildBefore, buildBefore } from '../support/build-before.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/postgres.ts';
import { makeDue } from './due-ticks.ts';
import { queryRecords } from './records.ts';
import { createWorld, freshKey, hasStack, staleKey, type World } from './world.ts';

let before: BuildBefore;
beforeAll(async () => {
  before = await buildBefore();
}, 300_000);
afterAll(() => before?.remove());

let world: World;
let database: Awaited<ReturnType<typeof freshDatabase>>;
afterEach(async () => {
  await world.close();
  await database.drop();
});

const count = 1_500;
/** Every second key is forgotten. */
const fleet = Array.from({ length: count }, (_, at) => ({
  ...(at % 2 === 0 ? staleKey : freshKey),
  id: `key_${at}`,
}));
const forgotten = fleet
  .filter(({ lastUsed }) => lastUsed === staleKey.lastUsed)
  .map(({ id }) => id);

interface Swept {
  readonly id: number;
  readonly closed: boolean;
  readonly verdicts: number;
}
const sweeps = () =>
  queryRecords<Swept>(
    { databaseUrl: database.url },
    `select s.id, s.closed_at is not null as closed, count(k.verdict)::integer as verdicts
     from keysweep.sweep s join keysweep.sweep_key k on k.sweep_id = s.id group by s.id order by s.id`,
  );

test.for((['redis', 'postgres'] as const).filter(hasStack))(
  'a sweep of the build before goes on in this build, which migrates its tables beneath it (%s)',
  async (stack) => {
    database = await freshDatabase(inject('databaseUrl') ?? '');
    world = await createWorld({
      stack,
      fleet,
      source: { rateLimit: { requests: 100, per: '1s' } },
      config: {
        store: { url: database.url },
        schedules: [{ id: 'often', cron: '* * * * *' }],
      },
    });
    const older = (...args: string[]) => world.launch(args, {}, before.script);
    const migrated = await older('migrate').ended;
    expect({ code: migrated.code, stderr: migrated.stderr }).toMatchObject({ code: 0 });
    await makeDue({ ...world, databaseUrl: database.url }, 'often');
    const old = older('start');
    await old.says('keysweep is ready');
    await eventually('its sweep runs', () => world.sandbox.requests.key > 300);

    const newer = await world.run(['migrate']);
    expect(newer.code).toBe(0);
    const now = world.launch(['start']);
    await now.says('keysweep is ready');
    // It can claim nothing any more, and says so: what it took goes back to the queue.
    await old.says('a job failed');
    const ended = await old.end('SIGTERM');
    expect(ended.code).toBe(0);
    const closed = await eventually(
      'the sweep and one more are closed',
      async () => {
        const all = (await sweeps()).filter((sweep) => sweep.closed);
        return all.length >= 2 ? all : undefined;
      },
      { deadlineMs: 240_000, everyMs: 500 },
    );
    expect(now.stderr).not.toMatch(/"level":"(?:error|fatal)"/);
    const again = await older('start').ended;
    expect(again.code).toBe(2);
    expect(again.stderr.trim().split('\n')).toEqual([
      expect.stringContaining('is newer than this program'),
    ]);
    const last = world.launch(['sweep', '--no-worker', '--format', 'json', '--quiet']);
    for (const { verdicts } of closed) expect(verdicts).toBe(count);
    const { code, stdout } = await last.ended;
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(report.verdicts).toEqual({
      pass: count - forgotten.length,
      fail: forgotten.length,
      waived: 0,
      unknown: 0,
    });
    const passed = await queryRecords<{ count: number }>(
      { databaseUrl: database.url },
      `select count(*)::integer as count from keysweep.sweep_key s join keysweep.tracked_key k on k.id = s.key_id
       where s.verdict = 1 and k.key_id = any($1)`,
      [forgotten],
    );
    expect(passed).toEqual([{ count: 0 }]);
    const isDelivered = async () => {
      const [row] = await queryRecords<{ count: number }>(
        { databaseUrl: database.url },
        `select count(*)::integer as count from keysweep.alert where state <> 'delivered'`,
      );
      return row?.count === 0;
    };
    await eventually('every alert is delivered', isDelivered, { deadlineMs: 120_000 });
    const bodies = world.receiver.received.map(({ body }) => JSON.parse(body).data);
    const opened = bodies.flatMap((data) => data.opened?.map(({ keyId }: never) => keyId) ?? []);
    expect(opened.sort()).toEqual([...forgotten].sort());
    expect((await now.end('SIGTERM')).code).toBe(0);
  },
);
