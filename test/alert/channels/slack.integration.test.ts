import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ChannelOptions } from '../../../src/alert/channels/channel.ts';
import { createSlackChannel } from '../../../src/alert/channels/slack/send.ts';
import { slack } from '../../../src/alert/render/slack.ts';
import { freePort } from '../../support/child-server.ts';
import { changed } from '../render/messages.ts';
import { ordinaryFindings } from '../render/ordinary-findings.ts';
import { openSlack } from './imitate-slack.ts';
import { openReceiver, type Receiver } from './receiver.ts';

const path = '/services/T00000000/B00000000/canaryXw7f3a9';
const body = slack.render(changed({ opened: ordinaryFindings(100) }), new Date(0)).body;
const alert = { id: 'alert-1', type: 'findings.changed', body, attempt: 1 };
const never = new AbortController().signal;

function closing(receiver: Receiver) {
  onTestFinished(() => receiver.close());
  return receiver;
}

const channelAt = (origin: string, difference: Partial<ChannelOptions> = {}) =>
  createSlackChannel({
    id: 'sec-slack',
    url: `${origin}${path}`,
    allowPrivateNetworks: true,
    now: () => new Date(),
    ...difference,
  });

const answering = async (status: number, text: string, headers: Record<string, string> = {}) =>
  closing(await openReceiver((response) => response.writeHead(status, headers).end(text)));

async function deliveryOf(status: number, text: string, headers: Record<string, string> = {}) {
  const { origin } = await answering(status, text, headers);
  return channelAt(origin).deliver(alert, never);
}

test('a digest of 100 ordinary findings is accepted as it was rendered', async () => {
  const imitation = closing(await openSlack());
  const channel = channelAt(imitation.origin);
  expect(await channel.deliver(alert, never)).toEqual({ kind: 'delivered' });
  const [request] = imitation.received;
  expect(request).toMatchObject({ method: 'POST', url: path, body });
  expect(request?.headers['content-type']).toBe('application/json');
  expect(imitation.received).toHaveLength(1);
});

test('a message that Slack refuses is given up, with Slack’s word as the reason', async () => {
  const { origin } = closing(await openSlack());
  const deliver = (text: string) => channelAt(origin).deliver({ ...alert, body: text }, never);
  const blocks = (count: number) => Array(count).fill({ type: 'header', text: plain('x') });
  const plain = (text: string) => ({ type: 'plain_text', text });
  const section = { type: 'section', text: plain('x'.repeat(2_900)) };
  expect(await deliver('{')).toEqual(refused('invalid_payload'));
  expect(await deliver(JSON.stringify({ text: 'x', blocks: blocks(50) }))).toEqual({
    kind: 'delivered',
  });
  expect(await deliver(JSON.stringify({ text: 'x', blocks: blocks(51) }))).toEqual(
    refused('invalid_blocks'),
  );
  expect(await deliver(JSON.stringify({ text: 'x', blocks: Array(5).fill(section) }))).toEqual(
    refused('msg_blocks_too_long'),
  );
});

const refused = (word: string) => ({
  kind: 'permanent',
  detail: `answered 400: ${word}`,
  codes: [400],
});

describe('the answer', () => {
  test.each([
    ...[['ok'], ['ok\n'], [''], ['<html>thanks</html>'], ['{"success":true}'], ['OK']],
    ...[['x'.repeat(61)], ['thank you']],
  ])('200 %j delivers', async (text) => {
    expect(await deliveryOf(200, text)).toEqual({ kind: 'delivered' });
  });

  test.each(['no_service', 'channel_is_archived', 'invalid_token', 'x'.repeat(60)])(
    '200 %s is permanent',
    async (word) => {
      const said = { kind: 'permanent', detail: `answered 200: ${word}`, codes: [200] };
      expect(await deliveryOf(200, `${word}\n`)).toEqual(said);
    },
  );

  test.each(['rollup_error', 'ratelimited'])('200 %s is passing', async (word) => {
    const said = { kind: 'passing', detail: `answered 200: ${word}`, codes: [200] };
    expect(await deliveryOf(200, word)).toEqual(said);
  });

  test.each([
    [403, 'action_prohibited'],
    [403, 'invalid_token'],
    [404, 'channel_not_found'],
    [410, 'channel_is_archived'],
  ])('%i %s is permanent', async (status, word) => {
    const said = { kind: 'permanent', detail: `answered ${status}: ${word}`, codes: [status] };
    expect(await deliveryOf(status, word)).toEqual(said);
  });

  test.each([408, 425, 429, 500, 503])('%i is passing, whatever the body says', async (status) => {
    const said = { kind: 'passing', detail: `answered ${status}: no_service`, codes: [status] };
    expect(await deliveryOf(status, 'no_service')).toEqual(said);
  });

  test('the Retry-After of a 429 is used', async () => {
    const said = { kind: 'passing', detail: 'answered 429', codes: [429], retryAfterMs: 30_000 };
    expect(await deliveryOf(429, '', { 'retry-after': '30' })).toEqual(said);
  });

  test('a redirect is not followed', async () => {
    const other = await answering(200, 'ok');
    const said = { kind: 'permanent', detail: 'answered 307', codes: [307] };
    expect(await deliveryOf(307, '', { location: other.origin })).toEqual(said);
    expect(other.received).toEqual([]);
  });
});

describe('a body that breaks off or never ends', () => {
  const cut = async (answer: (response: ServerResponse) => void, timeoutMs = 15_000) => {
    const { origin } = closing(await openReceiver(answer));
    const before = performance.now();
    const delivery = await channelAt(origin, { timeoutMs }).deliver(alert, never);
    return { delivery, tookMs: performance.now() - before };
  };

  test('delivers when it never ends', async () => {
    const { delivery, tookMs } = await cut((response) => {
      response.writeHead(200).write('o');
    }, 200);
    expect(delivery).toEqual({ kind: 'delivered' });
    expect(tookMs).toBeLessThan(5_000);
  });

  test('delivers when it is endless, without waiting for its end', async () => {
    let stopped = false;
    const { delivery, tookMs } = await cut((response) => {
      const pour = () => {
        while (!stopped && response.write('x'.repeat(65_536)));
      };
      response.on('drain', pour).on('close', () => {
        stopped = true;
      });
      response.writeHead(200);
      pour();
    });
    expect(delivery).toEqual({ kind: 'delivered' });
    expect(tookMs).toBeLessThan(5_000);
    await expect.poll(() => stopped).toBe(true);
  });

  test('delivers when the connection breaks', async () => {
    const { delivery } = await cut((response) => {
      response.writeHead(200, { 'content-length': '10' }).write('o');
      setImmediate(() => response.socket?.resetAndDestroy());
    });
    expect(delivery).toEqual({ kind: 'delivered' });
  });

  test('does not change a refusal by status', async () => {
    const { delivery } = await cut((response) => {
      response.writeHead(403).write('invalid');
    }, 200);
    expect(delivery).toEqual({ kind: 'permanent', detail: 'answered 403', codes: [403] });
  });

  test('delivers when the caller aborts while it is read, because the message has arrived', async () => {
    const stop = new AbortController();
    const { origin } = closing(
      await openReceiver((response) => {
        response.writeHead(200).write('o', () => setTimeout(() => stop.abort(), 100));
      }),
    );
    expect(await channelAt(origin).deliver(alert, stop.signal)).toEqual({ kind: 'delivered' });
  });
});

test('private networks are refused, and nothing is sent', async () => {
  const { origin, received } = await answering(200, 'ok');
  const delivery = await channelAt(origin, { allowPrivateNetworks: false }).deliver(alert, never);
  expect(delivery).toMatchObject({ kind: 'permanent' });
  expect(received).toEqual([]);
});

test('no delivery and no error holds a part of the URL', async () => {
  const answers = [
    [200, 'canary'],
    [403, 'canary'],
    [500, path],
    [404, 'services'],
  ] as const;
  const shown = await Promise.all(answers.map(([status, text]) => deliveryOf(status, text)));
  const dead = `http://127.0.0.1:${await freePort()}`;
  const stopped = AbortSignal.abort(new Error('closing'));
  const error: unknown = await channelAt(dead)
    .deliver(alert, stopped)
    .catch((thrown) => thrown);
  const all = inspect([shown, error, await channelAt(dead).deliver(alert, never)], { depth: 9 });
  expect(all).not.toMatch(/canary|services|T0000/);
  expect(all).toContain('ECONNREFUSED');
});
