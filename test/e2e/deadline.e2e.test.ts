/** @module-tag all */
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { makeDue } from './due-ticks.ts';
import { openProducer } from './producer.ts';
import { queryRecords } from './records.ts';
import { type ReportText, readJsonOutput } from './report.ts';
import { createWorld, freshKey, hasStack, staleKey, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const slowKey = { ...staleKey, id: 'key_slow' };
const sweeps = () =>
  queryRecords<{ status: string | null; late: boolean }>(
    world,
    'select status, now() > deadline_at as late from keysweep.sweep',
  );

/** The sweep of a tick, whose slow key takes this long. */
async function sweepWithin(deadline: string, latency: string): Promise<ReportText> {
  world = await createWorld({
    stack: 'redis',
    fleet: [freshKey, { ...slowKey, fault: `latency=${latency}` }],
    source: { timeout: '2m' },
    config: { schedules: [{ id: 'often', cron: '* * * * *', deadline }] },
  });
  await makeDue(world, 'often');
  const running = world.launch(['start']);
  await eventually('the slow key is asked for', () => world.sandbox.requests.key === 2);
  await eventually(
    'it is closed, or late',
    async () => (await sweeps()).some(({ status, late }) => status !== null || late),
    { deadlineMs: 60_000 },
  );
  // By itself it comes once a minute.
  const producer = openProducer(world);
  await producer.queue('keysweep-sweeps').add('reconcile', {});
  await producer.close();
  await eventually('it is closed', async () => (await sweeps())[0]?.status);
  const pending = `select from keysweep.alert where state = 'pending'`;
  await eventually('all is told', async () => (await queryRecords(world, pending)).length === 0);
  expect((await running.end('SIGTERM')).code).toBe(0);
  return readJsonOutput(await world.run(['report', '--format', 'json']));
}

describe.skipIf(!hasStack('redis'))('a sweep with a deadline', () => {
  test('that passes is incomplete, and the keys without an answer are unknown', async () => {
    const report = await sweepWithin('4s', '60s');
    expect(report.sweep.status).toBe('incomplete');
    const slow = report.keys.find(({ keyId }) => keyId === slowKey.id);
    expect(slow?.verdict).toBe('unknown');
    const why = report.unknowns.find(({ keyId }) => keyId === slowKey.id);
    expect(why).toMatchObject({ rule: null, detail: expect.stringContaining('deadline') });
    const told = world.receiver.received.map(({ body }) => JSON.parse(body).type);
    expect(told).toContain('sweep.incomplete');
  });

  test('that does not pass is complete', async () => {
    const report = await sweepWithin('1m', '2s');
    expect(report.sweep.status).toBe('complete');
    const verdicts = report.keys.map(({ keyId, verdict }) => `${keyId} ${verdict}`);
    expect(verdicts.sort()).toEqual(['key_fresh pass', 'key_slow fail']);
  });
});
