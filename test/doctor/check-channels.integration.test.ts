import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { ChannelConfig } from '../../src/alert/channels/index.ts';
import { checkChannels } from '../../src/doctor/checks/check-channels.ts';
import type { Examination } from '../../src/doctor/examination.ts';
import { noProxies } from '../../src/proxy/proxies.ts';
import { openMailServer } from '../alert/channels/mail-server.ts';
import { openReceiver } from '../alert/channels/receiver.ts';

async function world(status = 200) {
  const receiver = await openReceiver((response) => response.writeHead(status).end('ok'));
  const mail = await openMailServer();
  onTestFinished(async () => void (await Promise.all([receiver.close(), mail.close()])));
  const channels: ChannelConfig[] = [
    { id: 'siem', type: 'webhook' },
    { id: 'sec', type: 'slack' },
    { id: 'post', type: 'email', from: 'keysweep@x.example', to: ['a@x.example'] },
    { id: 'console', type: 'log' },
  ];
  const secret = 'whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LTAxMjM0NTY3ODk=';
  const secrets = {
    channels: new Map([
      ['siem', { url: `${receiver.origin}/siem`, secret }],
      ['sec', { url: `${receiver.origin}/sec` }],
      ['post', { smtp: `smtp://127.0.0.1:${mail.port}` }],
    ]),
    heartbeats: new Map(),
    proxies: noProxies,
  };
  const check = (sends: boolean) =>
    checkChannels({
      config: {
        alerts: { channels, allowPrivateNetworks: true },
        owners: new Map(),
        heartbeats: new Map(),
      },
      secrets,
      log: pino({ enabled: false }),
      now: () => new Date('2026-11-23T02:30:00Z'),
      sends,
    } as unknown as Examination);
  return { receiver, mail, check };
}

test('with --send, each channel gets one test message', async () => {
  const { receiver, mail, check } = await world();
  const lines = await check(true);
  expect(lines.map(({ check, status }) => [check, status])).toEqual([
    ['siem', 'ok'],
    ['sec', 'ok'],
    ['post', 'ok'],
    ['console', 'ok'],
  ]);
  expect(receiver.received.map(({ url }) => url).toSorted()).toEqual(['/sec', '/siem']);
  const siem = receiver.received.find(({ url }) => url === '/siem');
  expect(JSON.parse(siem?.body ?? '')).toMatchObject({ type: 'test' });
  expect(mail.received).toHaveLength(1);
});

test('without it, none gets anything', async () => {
  const { receiver, mail, check } = await world();
  const lines = await check(false);
  expect(lines.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(receiver.received).toEqual([]);
  expect(mail.received).toEqual([]);
});

test('a channel that refuses the message is a failure with its status', async () => {
  const { check } = await world(404);
  const lines = await check(true);
  expect(lines.map(({ status }) => status)).toEqual(['failure', 'failure', 'ok', 'ok']);
  expect(lines[0]?.seen).toContain('404');
});
