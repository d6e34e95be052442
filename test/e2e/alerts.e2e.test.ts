import { afterEach, expect, test } from 'vitest';
import { openReceiver, type Receiver } from '../alert/channels/receiver.ts';
import type { Running } from './command.ts';
import { readJsonOutput } from './report.ts';
import {
  createWorld,
  describeStacks,
  freshKey,
  type Stack,
  staleKey,
  type World,
} from './world.ts';

let world: World;
let status: number;
let siem: Receiver;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await world.close();
  for (const one of open.splice(0)) await one.close();
});

/** A world of two webhooks: `siem` answers as `status` says, `other` takes all. */
async function aWorld(stack: Stack = 'embedded') {
  status = 404;
  siem = await openReceiver((response) => response.writeHead(status).end());
  const other = await openReceiver((response) => response.end());
  open.push(siem, other);
  const channels = [
    { id: 'siem', type: 'webhook', url: `${siem.origin}/hook` },
    { id: 'other', type: 'webhook', url: `${other.origin}/hook` },
  ];
  const config = { alerts: { channels, allowPrivateNetworks: true } };
  world = await createWorld({ stack, fleet: [staleKey, freshKey], config });
  await world.write({ config });
  return other;
}

interface Listed {
  readonly id: string;
  readonly channel: string;
  readonly type: string;
  readonly state: string;
  readonly attempts: number;
  readonly detail: string | null;
  readonly findings: number;
}

async function list(...flags: string[]): Promise<readonly Listed[]> {
  const ended = await world.run(['alerts', 'list', '--format', 'json', ...flags]);
  expect(ended.code).toBe(0);
  return readJsonOutput<{ alerts: Listed[] }>(ended).alerts;
}

async function failedOne(): Promise<Listed> {
  const [alert, more] = await list('--state', 'failed');
  if (alert === undefined || more !== undefined) throw new Error('not one alert failed');
  return alert;
}

const typesOf = ({ received }: Receiver) =>
  received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
const idsOf = ({ received }: Receiver) => received.map(({ headers }) => headers['webhook-id']);

async function startHolder(): Promise<Running> {
  const holder = world.launch(['start']);
  await holder.says('keysweep is ready');
  return holder;
}

describeStacks('an alert that failed', ['embedded', 'redis'], (stack) => {
  test('is listed, reported to the other channels, and sent again exactly once on request', async () => {
    const other = await aWorld(stack);
    expect((await world.run(['sweep'])).code).toBe(1);
    const failed = await failedOne();
    const what = { channel: 'siem', type: 'findings.changed', attempts: 1, findings: 1 };
    expect(failed).toMatchObject({ ...what, detail: 'answered 404' });
    expect(idsOf(siem)).toEqual([failed.id]);
    expect(typesOf(other).sort()).toEqual(['channel.failed', 'findings.changed']);
    const table = await world.run(['alerts', 'list', '--channel', 'siem']);
    expect(table.stdout).toMatch(new RegExp(`failed +${failed.id} [^]*1 attempt:\\s+answered 404`));

    const again = await world.run(['alerts', 'retry', failed.id.slice(0, 8)]);
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(
      /queued 1 alert\n{.*answered 404.*}\n1 alert failed\n {2}siem \(.*answered 404/,
    );

    status = 200;
    const retried = await world.run(['alerts', 'retry', failed.id]);
    expect(retried).toMatchObject({ code: 0, stderr: 'queued 1 alert\ndelivered 1 alert\n' });
    expect(idsOf(siem)).toEqual([failed.id, failed.id, failed.id]);
    expect(siem.received[2]?.body).toBe(siem.received[0]?.body);
    expect(await list('--state', 'failed')).toEqual([]);
    expect((await list('--channel', 'siem'))[0]).toMatchObject({ state: 'delivered', attempts: 3 });

    const twice = await world.run(['alerts', 'retry', failed.id]);
    expect(twice).toMatchObject({ code: 2, stderr: expect.stringMatching(/it was delivered\n$/) });
    expect(siem.received).toHaveLength(3);
  });
});

test('alert commands go through the process that holds the store, which does the work', {
  tags: ['long'],
}, async () => {
  await aWorld();
  const holder = await startHolder();
  expect((await world.run(['sweep'])).code).toBe(1);
  const failed = await failedOne();
  const table = await world.run(['alerts', 'list']);
  status = 200;
  const retried = await world.run([
    'alerts',
    'retry',
    '--failed',
    '--channel',
    'siem',
    '--no-worker',
  ]);
  expect(retried).toMatchObject({ code: 0, stderr: 'queued 1 alert\ndelivered 1 alert\n' });
  expect(idsOf(siem)).toEqual([failed.id, failed.id]);
  const none = await world.run(['alerts', 'retry', '--failed']);
  expect(none).toMatchObject({ code: 0, stderr: 'no alert to send again\n' });
  const missing = await world.run(['alerts', 'retry', '00000000']);
  expect(missing).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/no alert id begins with "00000000"/),
  });
  const tried = await world.run(['alerts', 'test', 'siem']);
  expect(tried).toMatchObject({ code: 0, stdout: expect.stringMatching(/^delivered to siem/) });
  const through = await world.run(['alerts', 'list', '--format', 'csv']);
  expect((await holder.end('SIGTERM')).code).toBe(0);
  expect((await world.run(['alerts', 'list', '--format', 'csv'])).stdout).toBe(through.stdout);
  expect(table.stdout).toContain(failed.id);
});

test('an alert that is not delivered within half a minute is named, and sent by the next run', {
  tags: ['long'],
}, async () => {
  await aWorld();
  status = 503;
  await world.run(['sweep', '--quiet']);
  const [waiting] = await list('--state', 'pending');
  const stillAt = siem.received.length;
  const retried = await world.run(['alerts', 'retry', waiting?.id ?? '']);
  expect(retried.code).toBe(0);
  expect(retried.stderr).toMatch(/1 alert is not delivered yet\n {2}siem .*answered 503; due 20/);
  expect(siem.received.length).toBeGreaterThan(stillAt);
});

test('no sweep is held without an anomaly, and no alert is listed before the first sweep', {
  tags: ['all'],
}, async () => {
  await aWorld();
  expect(await world.run(['alerts', 'list'])).toMatchObject({ code: 0, stdout: 'No alerts.\n' });
  for (const words of [['list'], ['retry', '--failed']]) {
    const typo = await world.run(['alerts', ...words, '--channel', 'seim']);
    expect(typo.stderr).toMatch(/note: the configuration has no channel seim; it has \w+/);
  }
  const released = await world.run(['alerts', 'release', 'b7a1c9a0-0000-4000-8000-000000000001']);
  expect(released).toMatchObject({ code: 2, stdout: '' });
  const half = await world.run(['alerts', 'release', 'b7a1c9a0']);
  expect(half.stderr).toMatch(/no sweep id begins with "b7a1c9a0"/);
});

test('held changes are listed, and alerted once when they are released', {
  tags: ['all'],
}, async () => {
  const fleet = Array.from({ length: 6 }, (_, n) => ({ ...staleKey, id: `key_${n}` }));
  world = await createWorld({ fleet });
  const alerts = {
    channels: [{ id: 'siem', type: 'webhook', url: `${world.receiver.origin}/hook` }],
    allowPrivateNetworks: true,
    anomaly: { changed: '30%', atLeast: 2 },
  };
  const rule = { id: 'stale-45', type: 'stale', severity: 'high' };
  await world.write({ config: { alerts }, rules: [{ ...rule, after: '300d' }] });
  expect((await world.run(['sweep', '--quiet'])).code).toBe(0);
  await world.write({ config: { alerts }, rules: [{ ...rule, after: '45d' }] });
  expect((await world.run(['sweep', '--quiet'])).code).toBe(1);
  expect(typesOf(world.receiver)).toEqual(['sweep.anomaly']);

  const { stdout } = await world.run(['alerts', 'list']);
  const line = /^sweep (\S+) holds 6 changes: .+; keysweep alerts release (\S+)\n/.exec(stdout);
  const sweep = line?.[1] ?? '';
  expect(line?.[2]).toBe(sweep);
  const released = await world.run(['alerts', 'release', sweep.slice(0, 8)]);
  const stderr = 'released; 1 alert to deliver\ndelivered 1 alert\n';
  expect(released).toMatchObject({ code: 0, stderr });
  expect(typesOf(world.receiver)).toEqual(['sweep.anomaly', 'findings.changed']);
  const again = await world.run(['alerts', 'release', sweep]);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringMatching(/was released before/) });
});
