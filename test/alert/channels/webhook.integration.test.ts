import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createWebhookChannel,
  type WebhookOptions,
} from '../../../src/alert/channels/webhook/send.ts';
import type { Resolve } from '../../../src/alert/outbound.ts';
import { json } from '../../../src/alert/render/json.ts';
import { freePort } from '../../support/child-server.ts';
import { aMissed } from '../a-finding.ts';
import { openReceiver } from './receiver.ts';

const canary = 'canary-7f3a9';
const secret = `whsec_${randomBytes(32).toString('base64')}`;
const { body } = json.render(
  { type: 'sweep.missed', data: aMissed },
  new Date('2026-11-23T02:31:00Z'),
);
const alert = { id: 'alert-1', type: 'sweep.missed', body, attempt: 1 };
const never = new AbortController().signal;

const channelAt = (url: string, difference: Partial<WebhookOptions> = {}) =>
  createWebhookChannel({
    id: 'siem',
    url,
    secret,
    allowPrivateNetworks: true,
    now: () => new Date(),
    ...difference,
  });

async function receiver(answer: (response: ServerResponse, count: number) => void) {
  const open = await openReceiver(answer);
  onTestFinished(() => open.close());
  return { ...open, url: `${open.origin}/hooks/${canary}` };
}

const answering = (status: number, headers: Record<string, string> = {}) =>
  receiver((response) => response.writeHead(status, headers).end('thanks'));

describe('the request', () => {
  test('carries the body as it was rendered and a signature that verifies', async () => {
    const { url, received } = await answering(204);
    expect(await channelAt(url).deliver(alert, never)).toEqual({ kind: 'delivered' });
    const [request] = received;
    expect(request).toMatchObject({ method: 'POST', url: `/hooks/${canary}`, body });
    expect(request?.headers['content-type']).toBe('application/json');
    const headers = request?.headers as Record<string, string>;
    expect(new Webhook(secret).verify(request?.body ?? '', headers)).toMatchObject({
      type: 'sweep.missed',
      timestamp: '2026-11-23T02:31:00.000Z',
      data: aMissed,
    });
    const other = new Webhook(`whsec_${randomBytes(32).toString('base64')}`);
    expect(() => other.verify(request?.body ?? '', headers)).toThrow();
  });

  test('is signed over bytes, so that names in any script verify', async () => {
    const { url, received } = await answering(200);
    await channelAt(url).deliver({ ...alert, body: '{"name":"Größe 😀 中文"}' }, never);
    const headers = received[0]?.headers as Record<string, string>;
    expect(() => new Webhook(secret).verify(received[0]?.body ?? '', headers)).not.toThrow();
  });

  test('keeps its id and takes a new timestamp at every attempt', async () => {
    const { url, received } = await answering(503);
    const times = [1_000, 1_999, 6_000].map((ms) => new Date(1_800_000_000_000 + ms));
    for (const at of times) await channelAt(url, { now: () => at }).deliver(alert, never);
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(Array(3).fill('alert-1'));
    expect(received.map(({ headers }) => headers['webhook-timestamp'])).toEqual([
      '1800000001',
      '1800000001',
      '1800000006',
    ]);
  });

  test('is not signed without a secret', async () => {
    const { url, received } = await answering(200);
    await channelAt(url, { secret: undefined }).deliver(alert, never);
    expect(received[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(received[0]?.headers['webhook-id']).toBe('alert-1');
  });

  test('is made once, whatever the answer', async () => {
    const { url, received } = await answering(503, { 'retry-after': '0' });
    await channelAt(url).deliver(alert, never);
    expect(received).toHaveLength(1);
  });
});

describe('the answer', () => {
  test.each([200, 201, 202, 204, 299])('%i delivers', async (status) => {
    const { url } = await answering(status);
    expect((await channelAt(url).deliver(alert, never)).kind).toBe('delivered');
  });

  test.each([301, 304, 400, 401, 403, 404, 409, 410, 413, 422])(
    '%i is permanent',
    async (status) => {
      const { url } = await answering(status);
      const said = { kind: 'permanent', detail: `answered ${status}`, codes: [status] };
      expect(await channelAt(url).deliver(alert, never)).toEqual(said);
    },
  );

  test.each([408, 425, 429, 500, 502, 503, 504, 599])('%i is passing', async (status) => {
    const { url } = await answering(status);
    const said = { kind: 'passing', detail: `answered ${status}`, codes: [status] };
    expect(await channelAt(url).deliver(alert, never)).toEqual(said);
  });

  test('may have a Retry-After, in seconds or as a date', async () => {
    const now = () => new Date('2026-11-23T10:00:00Z');
    const deliver = async (header: string) => {
      const { url } = await answering(429, { 'retry-after': header });
      return channelAt(url, { now }).deliver(alert, never);
    };
    expect(await deliver('7')).toMatchObject({ retryAfterMs: 7_000 });
    expect(await deliver('Mon, 23 Nov 2026 10:00:30 GMT')).toMatchObject({ retryAfterMs: 30_000 });
  });

  test('sends nothing where a redirect leads', async () => {
    const other = await answering(200);
    const { url } = await answering(307, { location: other.url });
    expect(await channelAt(url).deliver(alert, never)).toMatchObject({ kind: 'permanent' });
    expect(other.received).toEqual([]);
  });

  test('is passing when the receiver switches protocols unasked', async () => {
    const { url } = await receiver((response) =>
      response.writeHead(101, { connection: 'upgrade', upgrade: 'websocket' }).flushHeaders(),
    );
    const detail = 'answered 101';
    expect(await channelAt(url).deliver(alert, never)).toEqual({
      kind: 'passing',
      detail,
      codes: [101],
    });
  });

  test('counts by its status, however long its body goes on', async () => {
    const { url } = await receiver((response) => {
      response.writeHead(200).write('x'.repeat(100_000));
    });
    expect(await channelAt(url).deliver(alert, never)).toEqual({ kind: 'delivered' });
  });
});

describe('no answer', () => {
  test('is passing when nothing listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}/${canary}`;
    const said = { kind: 'passing', detail: 'not reached: ECONNREFUSED', codes: ['ECONNREFUSED'] };
    expect(await channelAt(url).deliver(alert, never)).toEqual(said);
  });

  test('is passing when the connection is reset', async () => {
    const { url } = await receiver((response) => response.socket?.resetAndDestroy());
    const said = { kind: 'passing', detail: 'not reached: ECONNRESET', codes: ['ECONNRESET'] };
    expect(await channelAt(url).deliver(alert, never)).toEqual(said);
  });

  test('is passing when the timeout is reached', async () => {
    const { url } = await receiver(() => undefined);
    const said = { kind: 'passing', detail: 'not reached: ETIMEDOUT', codes: ['ETIMEDOUT'] };
    expect(await channelAt(url, { timeoutMs: 50 }).deliver(alert, never)).toEqual(said);
  });

  test('rejects with the signal’s reason when the caller stops waiting', async () => {
    const stop = new AbortController();
    const { url } = await receiver(() => stop.abort(new Error('closing')));
    await expect(channelAt(url).deliver(alert, stop.signal)).rejects.toThrow('closing');
    await expect(channelAt(url).deliver(alert, stop.signal)).rejects.toThrow('closing');
  });
});

describe('private networks', () => {
  const guarded = { allowPrivateNetworks: false };

  test.each([
    ...[
      '127.0.0.1',
      '0',
      '0.0.0.0',
      '2130706433',
      '0x7f.1',
      '127.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
    ],
    ...['localhost', 'localhost.', 'LOCALHOST'],
  ])('are refused permanently when spelled %s, and nothing is sent', async (host) => {
    const { port, received } = await answering(200);
    const url = `http://${host}:${port}/${canary}`;
    const delivery = await channelAt(url, guarded).deliver(alert, never);
    expect(delivery).toMatchObject({
      kind: 'permanent',
      detail: expect.stringContaining('allowPrivateNetworks: true'),
    });
    expect(inspect(delivery)).not.toContain(canary);
    expect(received).toEqual([]);
  });

  test('are refused behind a public name, by the address to connect to', async () => {
    const { port, received } = await answering(200);
    let asked = 0;
    // Asked once: what was checked is what is connected to, so a second answer cannot differ.
    const resolve: Resolve = (_, __, answered) => {
      asked += 1;
      answered(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const url = `http://hooks.example:${port}/`;
    const delivery = await channelAt(url, { ...guarded, resolve }).deliver(alert, never);
    expect(delivery).toMatchObject({ kind: 'permanent' });
    expect(asked).toBe(1);
    expect(received).toEqual([]);
  });

  test('are reached by the same name once they are allowed', async () => {
    const { port } = await answering(200);
    const url = `http://localhost:${port}/`;
    expect(await channelAt(url).deliver(alert, never)).toEqual({ kind: 'delivered' });
  });
});

test('no delivery and no error holds the URL’s path or the secret', async () => {
  const dead = `http://127.0.0.1:${await freePort()}/${canary}?t=${canary}`;
  const tls = (await answering(200)).url.replace('http:', 'https:');
  const nowhere = `http://${canary}.invalid/${canary}`;
  const urls = [dead, tls, nowhere, (await answering(500)).url, (await answering(404)).url];
  for (const url of urls) {
    const shown = inspect(await channelAt(url).deliver(alert, never), { depth: 9 });
    expect(shown).not.toContain(canary);
    expect(shown).not.toContain(secret.slice(6));
  }
  const stopped = AbortSignal.abort(new Error('closing'));
  const error: unknown = await channelAt(dead)
    .deliver(alert, stopped)
    .catch((e) => e);
  expect(inspect(error, { depth: 9 })).not.toContain(canary);
});
