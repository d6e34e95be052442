import type { ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HeartbeatStyle } from '../../../src/alert/alerts-config.ts';
import { createHeartbeat } from '../../../src/alert/channels/heartbeat.ts';
import { freePort } from '../../support/child-server.ts';
import { openReceiver } from './receiver.ts';

const never = new AbortController().signal;
const id = 'heartbeat:nightly';
const now = () => new Date('2026-11-23T02:31:00Z');

async function receiver(answer: (response: ServerResponse, count: number) => void) {
  const open = await openReceiver(answer);
  onTestFinished(() => open.close());
  return open;
}
const answering = (status: number, body = 'OK', headers: Record<string, string> = {}) =>
  receiver((response) => response.writeHead(status, headers).end(body));

const beat = (word: string) => ({ id: 'a-1', type: 'heartbeat', body: word, attempt: 1 });

/** A heartbeat, and what it notes in the log. */
function heartbeat(url: string, style?: HeartbeatStyle, timeoutMs = 5_000) {
  const notes: unknown[] = [];
  const log = { info: (note: unknown) => void notes.push(note) };
  const options = { id, url, style, log, allowPrivateNetworks: true, now, timeoutMs };
  const channel = createHeartbeat(options);
  return { call: (word: string) => channel.deliver(beat(word), never), notes };
}

const call = (url: string, word = 'success', timeoutMs = 5_000) =>
  heartbeat(url, undefined, timeoutMs).call(word);

const delivered = { kind: 'delivered' };

describe('the call', () => {
  test.each([
    ['success', '/uuid', '/uuid'],
    ['start', '/uuid', '/uuid/start'],
    ['fail', '/uuid', '/uuid/fail'],
    ['success', '/uuid/', '/uuid/'],
    ['start', '/uuid/', '/uuid/start'],
    ['fail', '/uuid//', '/uuid/fail'],
    ['success', '', '/'],
    ['fail', '', '/fail'],
    ['success', '/key/slug?create=1', '/key/slug?create=1'],
    ['start', '/key/slug?create=1', '/key/slug/start?create=1'],
    ['fail', '/key/slug/?a=/b/#c', '/key/slug/fail?a=/b/'],
    ['start', '/a%2Fb%20c', '/a%2Fb%20c/start'],
  ])('of %s at %s is one GET of %s, without a body', async (word, path, called) => {
    const { origin, received } = await answering(200);
    expect(await call(origin + path, word)).toEqual(delivered);
    expect(received).toMatchObject([{ method: 'GET', url: called, body: '' }]);
    expect(received[0]?.headers['user-agent']).toBe('keysweep');
  });

  test('brings a checkpoint of the evidence log as the body of a POST, and none to a plain one', async () => {
    const { origin, received } = await answering(200);
    const body = 'success\nkeysweep/acme\n12\nAAAA\n\n— keysweep/acme BBBB\n';
    expect(await heartbeat(`${origin}/uuid`).call(body)).toEqual(delivered);
    expect(await heartbeat(`${origin}/uuid`).call(body.replace('success', 'start'))).toEqual(
      delivered,
    );
    const told = body.replace('success\n', '');
    expect(received).toMatchObject([
      { method: 'POST', url: '/uuid', body: told },
      { method: 'POST', url: '/uuid/start', body: told },
    ]);
    expect(received[0]?.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  test.each(['', 'Success', 'start/../..', '{}'])(
    'is not made for the unknown word “%s”',
    async (word) => {
      const { origin, received } = await answering(200);
      expect(await call(origin, word)).toMatchObject({ kind: 'permanent' });
      expect(received).toEqual([]);
    },
  );
});

describe('the answer', () => {
  test.each([200, 201, 204])('%i delivers', async (status) => {
    const { origin } = await answering(status, status === 204 ? '' : 'OK');
    expect(await call(origin)).toEqual(delivered);
  });

  test.each([404, 410])('%i is permanent: there is no such check', async (status) => {
    const { origin } = await answering(status);
    expect(await call(origin)).toEqual({
      kind: 'permanent',
      detail: `answered ${status}`,
      codes: [status],
    });
  });

  test.each([301, 400, 401, 403, 409, 429, 500, 503])('%i is passing', async (status) => {
    const { origin } = await answering(status, 'no', { location: '/elsewhere' });
    expect(await call(origin)).toEqual({
      kind: 'passing',
      detail: `answered ${status}`,
      codes: [status],
    });
  });

  test('may ask for a delay', async () => {
    const { origin } = await answering(429, 'no', { 'retry-after': '9' });
    expect(await call(origin)).toMatchObject({ kind: 'passing', retryAfterMs: 9_000 });
  });

  // So Healthchecks.io answers calls of UUIDs, which it does not count.
  test.each([
    ['OK (not found)', 'permanent'],
    ['OK (rate limited)', 'passing'],
    ['OK', 'delivered'],
    ['not found', 'delivered'],
  ])('200 that says “%s” is %s', async (body, kind) => {
    const { origin } = await answering(200, body);
    expect((await call(origin)).kind).toBe(kind);
  });

  test('counts by its status when its body never ends', async () => {
    const { origin } = await receiver((response) => {
      response.writeHead(200).write('O');
    });
    expect(await call(origin, 'success', 300)).toEqual(delivered);
  });

  test('that never comes is passing', async () => {
    const said = { kind: 'passing', detail: 'not reached: ECONNREFUSED', codes: ['ECONNREFUSED'] };
    expect(await call(`http://127.0.0.1:${await freePort()}/uuid`)).toEqual(said);
    const { origin } = await receiver(() => undefined);
    const late = { kind: 'passing', detail: 'not reached: ETIMEDOUT', codes: ['ETIMEDOUT'] };
    expect(await call(origin, 'start', 50)).toEqual(late);
  });
});

describe('a monitor without /start', () => {
  test.each([
    [404, '{"ok":false}'],
    [410, 'gone'],
    [200, 'OK (not found)'],
  ])('that answers %i “%s” is noted once, and is no failure', async (status, body) => {
    const { origin, received } = await answering(status, body);
    const { call: send, notes } = heartbeat(origin);
    expect(await send('start')).toEqual(delivered);
    expect(await send('start')).toEqual(delivered);
    expect(notes).toEqual([{ channel: id }]);
    expect(received).toHaveLength(2);
  });

  test('still fails if it knows no success or /fail either', async () => {
    const { origin } = await answering(404, '{"ok":false}');
    const { call: send, notes } = heartbeat(origin);
    expect(await send('success')).toMatchObject({ kind: 'permanent' });
    expect(await send('fail')).toMatchObject({ kind: 'permanent' });
    expect(notes).toEqual([]);
  });

  test.each([403, 429, 500])('is not one that answers %i: that is tried again', async (status) => {
    const { origin } = await answering(status, 'no');
    const { call: send, notes } = heartbeat(origin);
    expect(await send('start')).toMatchObject({ kind: 'passing' });
    expect(notes).toEqual([]);
  });

  test('of style plain is called at its URL alone, and on success only', async () => {
    const { origin, received } = await answering(200);
    const { call: send } = heartbeat(`${origin}/api/push/abc?status=up`, 'plain');
    for (const word of ['start', 'fail', 'success']) expect(await send(word)).toEqual(delivered);
    expect(received.map(({ url }) => url)).toEqual(['/api/push/abc?status=up']);
  });
});
