import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReceiver, type Receiver } from '../../alert/channels/receiver.ts';
import { run } from '../run.ts';

let folder: string;
let receiver: Receiver;
let status = 200;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ks-try-'));
  status = 200;
  receiver = await openReceiver((response) => response.writeHead(status).end());
});
afterEach(async () => {
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

interface Difference {
  readonly alerts?: object;
  readonly owners?: object;
  readonly heartbeat?: object;
}

async function tryChannel(id: string, { alerts, ...rest }: Difference = {}, flags: string[] = []) {
  const file = (name: string) => join(folder, name);
  await writeFile(file('keys.csv'), 'source,key_id,owner\nvendor,key_1,payments\n');
  const rules = [{ id: 'old', type: 'too-old', after: '90d', severity: 'low' }];
  await writeFile(file('policy.yaml'), JSON.stringify({ version: '1', rules }));
  const url = `${receiver.origin}/secret-path`;
  const config = {
    store: { url: 'pglite:store' },
    sources: [{ id: 'vendor', type: 'flexcharge', baseUrl: url, appKey: 'k', appSecret: 's' }],
    inventory: [{ file: 'keys.csv' }],
    policy: 'policy.yaml',
    alerts: {
      channels: [
        { id: 'siem', type: 'webhook', url },
        { id: 'oncall', type: 'pagerduty', url, routingKey: '0123456789abcdef0123456789abcdef' },
      ],
      allowPrivateNetworks: true,
      ...alerts,
    },
    ...rest,
  };
  await writeFile(file('keysweep.yaml'), JSON.stringify(config));
  return run(['alerts', 'test', id, '--config', file('keysweep.yaml'), ...flags]);
}

test('a channel that takes it is said to work, without the store', async () => {
  const { code, stdout, stderr } = await tryChannel('siem');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^delivered to siem \(webhook\) in \d\.\d s\n$/);
  expect(receiver.received).toHaveLength(1);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
    type: 'test',
    data: { channel: 'siem' },
  });
});

test('one that does not is said not to, with what to do, once tried', async () => {
  status = 404;
  const { code, stdout, stderr } = await tryChannel('siem');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^not delivered to siem \(webhook\): answered 404; .*check the URL/);
  expect(stderr).not.toContain('secret-path');
  expect(receiver.received).toHaveLength(1);
});

test('a private address is refused where it is not permitted', async () => {
  const { code, stderr } = await tryChannel('siem', { alerts: { allowPrivateNetworks: false } });
  expect(code).toBe(2);
  expect(stderr).toMatch(/not delivered to siem \(webhook\): .*allowPrivateNetworks/);
  expect(receiver.received).toEqual([]);
});

test('PagerDuty is told of the end too, and whoever asks that somebody may be paged', async () => {
  status = 202;
  const { code, stderr } = await tryChannel('oncall');
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^note: PagerDuty/) });
  const sent = receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(sent.map((event) => event['event_action'])).toEqual(['trigger', 'resolve']);
  expect(sent[0]?.['dedup_key']).toBe(sent[1]?.['dedup_key']);
  expect((await tryChannel('oncall', {}, ['--quiet'])).stderr).toBe('');
});

test('a channel that is none is told from those there are', async () => {
  const smtp = { id: 'mail', type: 'email', smtp: 'smtp://127.0.0.1', from: 'a@b.example' };
  const channels = [{ ...smtp, to: ['c@b.example'] }];
  const owners = { payments: { email: 'pay@b.example' } };
  const asked = tryChannel('siem', { alerts: { channels }, owners });
  expect(await asked).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'no channel "siem" in the configuration; there are: mail, owner:payments\n',
    ),
  });
});

test('a heartbeat is not tried: its monitor would take that for a sweep', async () => {
  const heartbeat = { nightly: `${receiver.origin}/ping` };
  const schedules = [{ id: 'nightly', cron: '30 2 * * *', timezone: 'UTC' }];
  const { code, stderr } = await tryChannel('heartbeat:nightly', { heartbeat, ...{ schedules } });
  expect(code).toBe(2);
  expect(stderr).toMatch(/heartbeat:nightly cannot be tested: /);
  expect(receiver.received).toEqual([]);
});
