import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { ChannelConfig } from '../../../src/alert/channels/index.ts';
import { reachChannel } from '../../../src/alert/channels/reach.ts';
import { addressRefused } from '../../../src/alert/outbound.ts';
import { freePort } from '../../support/child-server.ts';
import { openMailServer, openScripted, ordinary } from './mail-server.ts';
import { openReceiver } from './receiver.ts';

const terms = { allowPrivateNetworks: true, timeoutMs: 2_000 };
const slack: ChannelConfig = { id: 'sec', type: 'slack' };
const mail: ChannelConfig = { id: 'mail', type: 'email', from: 'a@x.example', to: ['b@x.example'] };

test('connects to a web server and asks it nothing', async () => {
  const receiver = await openReceiver((response) => response.end());
  onTestFinished(() => receiver.close());
  expect(await reachChannel(slack, { url: `${receiver.origin}/hook` }, terms)).toBeUndefined();
  expect(receiver.received).toEqual([]);
});

test('gives the code of a connection that is refused, and of TLS where there is none', async () => {
  const url = `http://127.0.0.1:${await freePort()}/hook`;
  expect(await reachChannel(slack, { url }, terms)).toEqual({ code: 'ECONNREFUSED' });
  const receiver = await openReceiver((response) => response.end());
  onTestFinished(() => receiver.close());
  const secure = receiver.origin.replace('http:', 'https:');
  expect(await reachChannel(slack, { url: secure }, terms)).toEqual({
    code: expect.stringMatching(/^(ERR_SSL_|EPROTO|ECONNRESET)/),
  });
});

test('refuses a private address unless these are allowed', async () => {
  const guarded = { ...terms, allowPrivateNetworks: false };
  expect(await reachChannel(slack, { url: 'http://127.0.0.1:1' }, guarded)).toEqual({
    code: addressRefused,
  });
  expect(await reachChannel(mail, { smtp: 'smtp://127.0.0.1:1' }, guarded)).toEqual({
    code: addressRefused,
  });
});

test('greets a mail server, and sends it no mail', async () => {
  const heard: string[] = [];
  const open = await openScripted('220 hello', (line) => {
    heard.push(line);
    return ordinary(line);
  });
  onTestFinished(() => open.close());
  expect(
    await reachChannel(mail, { smtp: `smtp://127.0.0.1:${open.port}` }, terms),
  ).toBeUndefined();
  expect(heard[0]).toMatch(/^EHLO x\.example/);
  expect(heard.join()).not.toMatch(/MAIL|RCPT|AUTH/);
  const real = await openMailServer();
  onTestFinished(() => real.close());
  expect(
    await reachChannel(mail, { smtp: `smtp://127.0.0.1:${real.port}` }, terms),
  ).toBeUndefined();
  expect(real.received).toEqual([]);
});

test('ends when a server accepts the connection and says nothing', async () => {
  const sockets: Socket[] = [];
  const mute = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => mute.close(done));
  });
  const { port } = mute.address() as { port: number };
  const short = { ...terms, timeoutMs: 200 };
  const https = { url: `https://127.0.0.1:${port}` };
  expect(await reachChannel(slack, https, short)).toEqual({ code: 'ETIMEDOUT' });
  const smtp = { smtp: `smtp://127.0.0.1:${port}` };
  expect(await reachChannel(mail, smtp, short)).toEqual({ code: 'ETIMEDOUT' });
});
