import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ChannelOptions } from '../../../src/alert/channels/channel.ts';
import { createTeamsChannel } from '../../../src/alert/channels/teams/send.ts';
import { teams } from '../../../src/alert/render/teams.ts';
import { freePort } from '../../support/child-server.ts';
import { aFinding } from '../a-finding.ts';
import { changed } from '../render/messages.ts';
import { ordinaryFindings } from '../render/ordinary-findings.ts';
import { openTeams } from './imitate-teams.ts';
import { openReceiver, type Receiver } from './receiver.ts';

const path = '/workflows/canary/triggers/manual/paths/invoke?sig=canary';
const renderBody = (findings: Parameters<typeof changed>[0]) =>
  teams.render(changed(findings), new Date(0)).body;
const body = renderBody({ opened: ordinaryFindings(50) });
const alert = { id: 'alert-1', type: 'findings.changed', body, attempt: 1 };
const never = new AbortController().signal;

function closing(receiver: Receiver) {
  onTestFinished(() => receiver.close());
  return receiver;
}

const channelAt = (origin: string, difference: Partial<ChannelOptions> = {}) =>
  createTeamsChannel({
    id: 'teams',
    url: `${origin}${path}`,
    allowPrivateNetworks: true,
    now: () => new Date(),
    ...difference,
  });

async function deliveryOf(status: number, text: string, headers: Record<string, string> = {}) {
  const open = await openReceiver((response) => response.writeHead(status, headers).end(text));
  return channelAt(closing(open).origin).deliver(alert, never);
}

const named = (code: number) =>
  `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${code} with ContextId tcid=0,server=x,cv=y..`;

test('a card of 50 ordinary findings is accepted as it was rendered', async () => {
  const flow = closing(await openTeams());
  expect(await channelAt(flow.origin).deliver(alert, never)).toEqual({ kind: 'delivered' });
  const [request] = flow.received;
  expect(request).toMatchObject({ method: 'POST', url: path, body });
  expect(request?.headers['content-type']).toBe('application/json');
  expect(flow.received).toHaveLength(1);
});

test('a card that is too large, and a body that is no card, are given up', async () => {
  const { origin } = closing(await openTeams());
  const large = renderBody({ opened: ordinaryFindings(100).concat(ordinaryFindings(50)) });
  const deliver = (text: string) => channelAt(origin).deliver({ ...alert, body: text }, never);
  expect(await deliver(large)).toEqual({ kind: 'permanent', detail: 'answered 413', codes: [413] });
  expect(await deliver('{"text":"hello"}')).toEqual({
    kind: 'permanent',
    detail: 'answered 400',
    codes: [400],
  });
});

describe('the answer', () => {
  test.each([
    ...([
      [202, ''],
      [200, '1'],
      [200, ''],
      [204, ''],
    ] as const),
    ...([
      [200, named(399)],
      [200, named(600)],
      [200, 'HTTP error 4290'],
    ] as const),
  ])('%i %j delivers', async (status, text) => {
    expect(await deliveryOf(status, text)).toEqual({ kind: 'delivered' });
  });

  test.each([429, 500, 502, 408])('200 that names HTTP error %i is passing', async (code) => {
    const detail = `answered 200, with HTTP error ${code} in the body`;
    expect(await deliveryOf(200, named(code))).toEqual({ kind: 'passing', detail, codes: [code] });
  });

  test.each([400, 403, 404, 410, 413])(
    '200 that names HTTP error %i is permanent',
    async (code) => {
      const detail = `answered 200, with HTTP error ${code} in the body`;
      expect(await deliveryOf(200, named(code))).toEqual({
        kind: 'permanent',
        detail,
        codes: [code],
      });
    },
  );

  test.each([400, 401, 403, 404, 410, 413])('%i is permanent', async (status) => {
    const said = { kind: 'permanent', detail: `answered ${status}`, codes: [status] };
    expect(await deliveryOf(status, named(429))).toEqual(said);
  });

  test.each([408, 425, 429, 500, 502, 504])('%i is passing', async (status) => {
    const said = {
      kind: 'passing',
      detail: `answered ${status}`,
      codes: [status],
      retryAfterMs: 7_000,
    };
    expect(await deliveryOf(status, named(400), { 'retry-after': '7' })).toEqual(said);
  });

  test('of a flow that echoes the message is not judged by the names of keys in it', async () => {
    const echo: Receiver = closing(
      await openReceiver((response) => response.end(echo.received.at(-1)?.body)),
    );
    const hostile = renderBody({ opened: [aFinding({ keyName: 'HTTP error 404' })] });
    expect(hostile.indexOf('HTTP error 404')).toBeLessThan(2_000);
    const delivery = await channelAt(echo.origin).deliver({ ...alert, body: hostile }, never);
    expect(delivery).toEqual({ kind: 'delivered' });
  });
});

test('a body that never ends delivers, and takes no longer than the timeout', async () => {
  const { origin } = closing(
    await openReceiver((response) => {
      response.writeHead(202).write('x');
    }),
  );
  const before = performance.now();
  const delivery = await channelAt(origin, { timeoutMs: 200 }).deliver(alert, never);
  expect(delivery).toEqual({ kind: 'delivered' });
  expect(performance.now() - before).toBeLessThan(5_000);
});

test('private networks are refused, and nothing is sent', async () => {
  const flow = closing(await openTeams());
  const guarded = channelAt(flow.origin, { allowPrivateNetworks: false });
  expect(await guarded.deliver(alert, never)).toMatchObject({ kind: 'permanent' });
  expect(flow.received).toEqual([]);
});

test('no delivery holds a part of the URL, nor of the answer', async () => {
  const shown = [
    await deliveryOf(500, path),
    await deliveryOf(404, path),
    await deliveryOf(200, `${named(429)} ${path}`),
    await channelAt(`http://127.0.0.1:${await freePort()}`).deliver(alert, never),
  ];
  expect(inspect(shown, { depth: 9 })).not.toContain('canary');
});
