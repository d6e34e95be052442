import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { openMailServer } from '../alert/channels/mail-server.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';
import { createWorld, hasStack } from './world.ts';

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');

/** The same URL with an IPv6 literal: a way on ::1 leads to the server. */
async function overIpv6(url: string): Promise<{ readonly url: string; used(): number }> {
  const there = new URL(url);
  const target = { host: there.hostname, port: Number(there.port) };
  const way = await openTcpProxy(target, '::1');
  closings.push(() => way.close());
  there.host = `[::1]:${way.port}`;
  return { url: there.href, used: () => way.accepted };
}

describe.skipIf(!hasIpv6 || !hasStack('redis'))('IPv6 literals in all addresses', () => {
  test('a sweep reaches PostgreSQL, Redis, the vendor, a webhook and mail', async () => {
    const world = await createWorld({ stack: 'redis' });
    closings.push(() => world.close());
    const mail = await openMailServer();
    closings.push(mail.close);
    const ways = {
      store: await overIpv6(world.databaseUrl ?? ''),
      queue: await overIpv6(world.redisUrl ?? ''),
      vendor: await overIpv6(world.sandbox.url),
      hook: await overIpv6(`${world.receiver.origin}/hook`),
      mail: await overIpv6(`smtp://127.0.0.1:${mail.port}`),
    };
    await world.write({
      source: { baseUrl: ways.vendor.url },
      config: {
        store: { url: ways.store.url },
        queue: { url: ways.queue.url, prefix: world.prefix },
        alerts: {
          allowPrivateNetworks: true,
          channels: [
            { id: 'siem', type: 'webhook', url: ways.hook.url },
            {
              ...{ id: 'post', type: 'email', smtp: ways.mail.url },
              ...{ from: 'keysweep@shop.example', to: ['sec@shop.example'] },
            },
          ],
        },
      },
    });
    const { code, stderr } = await world.run(['sweep']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.not.stringMatching(/"level"/) });
    const used = Object.entries(ways).filter(([, way]) => way.used() > 0);
    expect(used.map(([name]) => name)).toEqual(Object.keys(ways));
    expect(world.receiver.received).toHaveLength(1);
    expect(mail.received).toHaveLength(1);
  });
});
