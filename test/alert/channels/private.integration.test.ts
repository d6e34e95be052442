import type { LookupAddress } from 'node:dns';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AlertChannel } from '../../../src/alert/channels/channel.ts';
import { guardedLookup, type Resolve } from '../../../src/alert/outbound.ts';
import { alertFor, channelsWith, configuredChannels } from './outgoing.ts';
import { openReceiver } from './receiver.ts';

const never = new AbortController().signal;
const kinds = ['webhook', 'slack', 'pagerduty', 'teams', 'heartbeat:nightly'];

/** A server of the inside: counts who connects, and says nothing. */
async function openInside(host = '127.0.0.1', listenTo?: string) {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (listenTo === undefined) server.listen(0, host, resolve);
    else server.listen(listenTo, resolve);
  });
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  const port = typeof address === 'string' ? 0 : ((address as AddressInfo)?.port ?? 0);
  return { port, connections: () => connections };
}

async function receiver(answer: Parameters<typeof openReceiver>[0]) {
  const open = await openReceiver(answer);
  onTestFinished(() => open.close());
  return open;
}

async function deliverAll(channels: readonly AlertChannel[]) {
  const results = [];
  for (const channel of channels) {
    const delivery = await channel.deliver(alertFor(channel.format), never);
    results.push([channel.id, delivery.kind] as const);
  }
  return results;
}
const all = (kind: string) => kinds.map((id) => [id, kind]);

/** Public by its number, and nobody's since 2006: a packet to it arrives nowhere. */
const nobody = '3ffe::1';

const resolvingTo = (...addresses: readonly string[]): Resolve => {
  const found: LookupAddress[] = addresses.map((address) => ({
    address,
    family: address.includes(':') ? 6 : 4,
  }));
  return (_, __, answered) => answered(null, found);
};

describe('if private networks are not allowed, no channel connects to', () => {
  test.each([
    ...['127.0.0.1', '127.1', '0', '0x7f.1', '0177.0.0.1', '2130706433', 'user:word@127.0.0.1'],
    ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::7f00:1]'],
    ...['localhost', 'localhost.', 'LocalHost', 'foo.localhost', 'localhost%2e', '127。0。0。1'],
  ])('%s', async (host) => {
    const { port, connections } = await openInside();
    const url = `http://${host}:${port}/hooks`;
    expect(await deliverAll(configuredChannels({ url }, false))).toEqual(all('permanent'));
    expect(connections()).toBe(0);
  });

  test('the IPv6 loopback address in any spelling', async () => {
    const inside = await openInside('::1').catch(() => undefined);
    // A machine without IPv6 refuses as well; there is nothing to count then.
    for (const host of ['[::1]', '[0:0:0:0:0:0:0:1]', '[::]', '[::0.0.0.1]']) {
      const url = `http://${host}:${inside?.port ?? 9}/hooks`;
      expect(await deliverAll(configuredChannels({ url }, false))).toEqual(all('permanent'));
    }
    expect(inside?.connections() ?? 0).toBe(0);
  });

  test.each(['169.254.169.254', '[fe80::1]', '[fd00:ec2::254]', '10.0.0.1', '100.64.0.1'])(
    '%s, and the refusal comes at once',
    async (host) => {
      const url = `http://${host}/latest/meta-data`;
      expect(await deliverAll(configuredChannels({ url }, false))).toEqual(all('permanent'));
    },
  );

  test.each([
    [['127.0.0.1']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [[nobody, '127.0.0.1']],
    [['127.0.0.1', nobody]],
    [[nobody, '::1']],
    [[]],
  ])('a name that resolves to %j', async (addresses) => {
    const { port, connections } = await openInside();
    const url = `http://hooks.example:${port}/`;
    const channels = channelsWith({ url }, { resolve: resolvingTo(...addresses) });
    expect(await deliverAll(channels)).toEqual(all('permanent'));
    expect(connections()).toBe(0);
  });

  test('a name that is public when it is checked and private right after', async () => {
    const { port, connections } = await openInside();
    const asked = new Map<string, number>();
    const rebinding: Resolve = (name, options, answered) => {
      const times = (asked.get(name) ?? 0) + 1;
      asked.set(name, times);
      resolvingTo(times === 1 ? nobody : '127.0.0.1')(name, options, answered);
    };
    for (const kind of kinds.keys()) {
      const url = `http://hooks-${kind}.example:${port}/`;
      const channel = channelsWith({ url }, { resolve: rebinding, timeoutMs: 300 })[kind];
      const delivery = channel && (await deliverAll([channel]));
      expect(delivery).toEqual([[kinds[kind], 'passing']]);
    }
    expect([...asked.values()]).toEqual(kinds.map(() => 1));
    expect(connections()).toBe(0);
  });

  test('a socket of the file system', async () => {
    const path = join(tmpdir(), `keysweep-${process.pid}.sock`);
    const { connections } = await openInside(undefined, path);
    const unknown = Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
    const resolve: Resolve = (_, __, answered) => answered(unknown, []);
    const channels = channelsWith({ url: `http://unix:${path}:/hooks` }, { resolve });
    expect(await deliverAll(channels)).toEqual(all('passing'));
    expect(connections()).toBe(0);
  });
});

describe('if private networks are allowed', () => {
  test('every channel connects to these addresses', async () => {
    const { origin, port, received } = await receiver((response) => response.end());
    for (const url of [`${origin}/hooks`, `http://localhost:${port}/hooks`]) {
      expect(await deliverAll(configuredChannels({ url }, true))).toEqual(all('delivered'));
    }
    expect(received).toHaveLength(2 * kinds.length);
  });

  test('no channel follows a redirect, to a private network or elsewhere', async () => {
    const { port, connections } = await openInside();
    for (const status of [301, 302, 303, 307, 308]) {
      const location = `http://127.0.0.1:${port}/latest/meta-data`;
      const { origin } = await receiver((response) =>
        response.writeHead(status, { location }).end(),
      );
      const results = await deliverAll(configuredChannels({ url: origin }, true));
      expect(results.map(([, kind]) => kind)).not.toContain('delivered');
    }
    expect(connections()).toBe(0);
  });

  test('no channel goes through a proxy that the environment names', async () => {
    const { port, connections } = await openInside();
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy']) {
      vi.stubEnv(name, `http://127.0.0.1:${port}`);
    }
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { origin, received } = await receiver((response) => response.end());
    expect(await deliverAll(configuredChannels({ url: origin }, true))).toEqual(all('delivered'));
    expect(received).toHaveLength(kinds.length);
    expect(connections()).toBe(0);
  });

  test('no channel keeps a connection, so that each delivery is checked again', async () => {
    const ports = new Set<number | undefined>();
    const { origin, received } = await receiver((response) => {
      ports.add(response.socket?.remotePort);
      response.writeHead(200, { connection: 'keep-alive', 'keep-alive': 'timeout=60' }).end();
    });
    const channels = configuredChannels({ url: origin }, true);
    await deliverAll([...channels, ...channels]);
    expect(received).toHaveLength(2 * kinds.length);
    expect(ports.size).toBe(2 * kinds.length);
    expect(received.map(({ headers }) => headers.connection)).not.toContain('keep-alive');
  });
});

// Node asks for all addresses when it may try them in turn, and for one when it may not.
test.each([true, false])(
  'a real socket is refused with autoSelectFamily: %s',
  async (autoSelectFamily) => {
    const { port, connections } = await openInside();
    const lookup = guardedLookup(resolvingTo('127.0.0.1', '::1')) as never;
    const socket = connect({ host: 'hooks.example', port, lookup, autoSelectFamily });
    const error = await new Promise((resolve) => socket.once('error', resolve));
    expect(error).toMatchObject({ code: 'KEYSWEEP_ADDRESS_REFUSED' });
    expect(connections()).toBe(0);
  },
);
