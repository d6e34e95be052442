import type { JobsOptions } from 'bullmq';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { failureOf, openProducer, type Producer } from './producer.ts';
import { queryRecords } from './records.ts';
import { readJsonOutput } from './report.ts';
import { createWorld, describeStacks, staleKey, type World } from './world.ts';

let world: World;
let producer: Producer;
afterEach(async () => {
  await producer.close();
  await world.close();
});

const uuid = '11111111-2222-4333-8444-555555555555';
const key = { source: 'vendor', keyId: staleKey.id };
const refused = /^the payload is refused: /;
/** JSON that would pollute prototypes if it were merged into anything. */
const polluting = JSON.parse('{"keys":[{"source":"a","keyId":"b"}],"__proto__":{"polluted":1}}');

type Hostile = readonly [queue: string, job: string, data: unknown, reason: RegExp];

/** PostgreSQL refuses this one itself, Redis takes it. */
const unstorable: Hostile = [
  'requests',
  'audit-keys',
  { keys: [key], reason: 'a\u0000b' },
  /^the request holds characters that cannot be kept$/,
];

const hostile: readonly Hostile[] = [
  ['requests', 'audit-keys', null, refused],
  ['requests', 'audit-keys', 'text', refused],
  ['requests', 'audit-keys', {}, refused],
  ['requests', 'audit-keys', { keys: [] }, refused],
  ['requests', 'audit-keys', { keys: [key], extra: true }, refused],
  ['requests', 'audit-keys', { keys: [{ ...key, keyId: 7 }] }, refused],
  ['requests', 'audit-keys', { keys: [{ ...key, keyId: 'x'.repeat(5_000) }] }, refused],
  ['requests', 'audit-keys', { keys: Array.from({ length: 200_000 }, () => 1) }, refused],
  ['requests', 'audit-keys', { keys: [key], reason: 'x'.repeat(5_000_000) }, refused],
  ['requests', 'audit-keys', polluting, refused],
  ['requests', 'audit-keys', { keys: [{ ...key, keyId: 'nobody' }] }, /^no key nobody of source/],
  ['requests', 'no-such-job', {}, /^no such job: no-such-job$/],
  ['requests', 'constructor', {}, /^no such job: constructor$/],
  ['requests', 'audit-batch', { sweepId: 'x', batch: -1 }, refused],
  ['sweeps', 'open-sweep', { request: 'not-a-uuid' }, refused],
  ['sweeps', 'open-sweep', { schedule: 'a', dueAt: 'noon', trigger: 'schedule' }, refused],
  ['sweeps', 'close-sweep', [uuid], refused],
  ['sweeps', 'reconcile', { now: true }, refused],
  ['sweeps', 'audit-keys', { keys: [key] }, /^no such job: audit-keys$/],
  ['audits', 'audit-batch', { sweepId: uuid, batch: 1.5 }, refused],
  ['alerts', 'deliver-alerts', { channel: { id: 'siem' } }, refused],
  ['alerts', 'deliver-alerts', { channel: 'x'.repeat(1_001) }, refused],
  ['alerts', 'x'.repeat(100_000), {}, /^no such job: x{500}$/],
];

describeStacks('in the queue', ['postgres', 'redis'], (stack) => {
  test('a hostile job fails with a reason, and the worker goes on', async () => {
    world = await createWorld({ stack });
    producer = openProducer(world);
    const running = world.launch(['start']);
    await running.says('keysweep is ready');
    const added = stack === 'redis' ? [...hostile, unstorable] : hostile;
    for (const [name, job, data, reason] of added) {
      const queue = producer.queue(`keysweep-${name}`);
      const opts: JobsOptions = { attempts: 3 };
      const queued = await queue.add(job, data, opts);
      const what = `${name} ${job.slice(0, 20)} ${JSON.stringify(data)?.slice(0, 60)} fails`;
      const failure = await eventually(what, () => failureOf(queue, queued));
      expect(failure).toMatch(reason);
      expect(failure.length).toBeLessThan(1_000);
    }
    // Jobs of things that are not there are no mistake: they may have been done meanwhile.
    const sweeps = producer.queue('keysweep-sweeps');
    const gone = await sweeps.add('close-sweep', { sweepId: uuid });
    await eventually('it is done', async () => (await sweeps.getJob(`${gone.id}`))?.isCompleted());

    const ended = await world.run(['audit', staleKey.id, '--no-worker', '--format', 'json']);
    expect(readJsonOutput(ended).violations).toMatchObject([{ keyId: staleKey.id }]);
    expect((await running.end('SIGTERM')).code).toBe(0);
    const audits = added.filter(([name, job]) => name === 'requests' && job === 'audit-keys');
    const [kept] = await queryRecords<{ n: number }>(
      world,
      `select count(*)::integer as n from keysweep.audit_record
       where who = 'queue' and what = 'audit' and outcome = 'refused'`,
    );
    expect(kept?.n).toBe(audits.length);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
