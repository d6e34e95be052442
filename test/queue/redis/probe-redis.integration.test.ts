import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import type { Secrets } from '../../../src/config/config.ts';
import { openBackend, type QueueBackend } from '../../../src/queue/backend.ts';
import type { RedisConfig } from '../../../src/queue/redis/redis-options.ts';
import { eventually } from '../../support/eventually.ts';
import { openMuteServer } from '../../support/mute-server.ts';
import { canStartRedis, startRedis } from '../../support/redis.ts';
import { noSecrets } from '../no-secrets.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(
  redisUrl: string,
  config: RedisConfig = { kind: 'redis', prefix: 'ks' },
  secrets: Partial<Secrets> = {},
): QueueBackend {
  const quiet = { connectionFailed: () => undefined };
  const all = { ...noSecrets, redisUrl, ...secrets };
  const backend = openBackend(config, all, undefined as never, quiet);
  closers.push(() => backend.close());
  return backend;
}

/** A server of this test's own; each command is words, sent in their order. */
async function serverAfter(...commands: readonly (readonly [string, ...string[]])[]) {
  const server = await startRedis([]);
  closers.push(() => server.close());
  const client = new Redis(server.url);
  for (const [name, ...args] of commands) await client.call(name, ...args);
  client.disconnect();
  return server;
}

async function refusalOf(redisUrl: string): Promise<unknown> {
  return open(redisUrl)
    .probe()
    .then(
      () => 'no refusal',
      (error) => error,
    );
}

const asUser = (url: string) => url.replace('//', '//ks:pw@');

describe.skipIf(!canStartRedis())('the probe of the queue', () => {
  test('passes where a write, a script and a stream are allowed, and says nothing', async () => {
    const { url } = await serverAfter();
    await expect(open(url).probe()).resolves.toEqual([]);
  });

  test.each([
    ['READONLY', [['REPLICAOF', '127.0.0.1', '1']]],
    ['OOM', [['CONFIG', 'SET', 'maxmemory', '1']]],
    ['NOAUTH', [['CONFIG', 'SET', 'requirepass', 'other']]],
    ['EVICTS', [['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru']]],
  ] as const)('names the server and its word %s', async (word, commands) => {
    const { url, port } = await serverAfter(...commands);
    const refusal = await refusalOf(url);
    const server = expect.stringContaining(`Redis at 127.0.0.1:${port} `);
    expect(refusal).toMatchObject({ code: 'KEYSWEEP_QUEUE_UNAVAILABLE', refusal: word });
    expect(refusal).toMatchObject({ message: server });
  });

  test('says when no sentinel answers with a server', async () => {
    const hosts = [{ host: '127.0.0.1', port: 1 }];
    const sentinel = { kind: 'sentinel', prefix: 'ks', name: 'main', hosts } as const;
    const probe = open('', { ...sentinel, username: undefined, tls: false }).probe();
    await expect(probe).rejects.toThrow(
      'Redis main behind the sentinels at 127.0.0.1:1 is named by no sentinel (NOMASTER)',
    );
  });

  test('sees that a user may ping and write, but run no script', async () => {
    const rules = ['on', '>pw', '~*', '&*', '+@all', '-eval', '-evalsha'];
    const { url } = await serverAfter(['ACL', 'SETUSER', 'ks', ...rules]);
    expect(await refusalOf(asUser(url))).toMatchObject({ refusal: 'NOPERM' });
  });

  test('sees that a user may write a stream and not read it', async () => {
    const rules = ['on', '>pw', '~*', '&*', '+@all', '-xrange'];
    const { url } = await serverAfter(['ACL', 'SETUSER', 'ks', ...rules]);
    expect(await refusalOf(asUser(url))).toMatchObject({ refusal: 'NOPERM' });
  });

  test('sees that a URL leads into a cluster, which queue.url does not serve', async () => {
    const server = await startRedis([
      ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
    ]);
    closers.push(() => server.close());
    const client = new Redis(server.url);
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await eventually('the cluster is up', async () =>
      String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok'),
    );
    client.disconnect();
    expect(await refusalOf(server.url)).toMatchObject({
      refusal: 'CROSSSLOT',
      message: expect.stringMatching(/is part of a cluster .*: use queue\.cluster/),
    });
  });

  test('gives up a server that takes connections and says nothing', { tags: ['all'] }, async () => {
    const mute = await openMuteServer();
    closers.push(mute.close);
    const startedAt = performance.now();
    const refusal = await refusalOf(`redis://127.0.0.1:${mute.port}`);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(refusal).toMatchObject({
      refusal: 'ETIMEDOUT',
      message: expect.stringContaining(`Redis at 127.0.0.1:${mute.port} does not answer`),
    });
  });

  test('sees a wrong password', async () => {
    const { url } = await serverAfter(['ACL', 'SETUSER', 'ks', 'on', '>other', '~*', '+@all']);
    expect(await refusalOf(asUser(url))).toMatchObject({ refusal: 'WRONGPASS' });
  });

  test('reads the eviction policy from INFO where CONFIG is forbidden', async () => {
    const user = ['ACL', 'SETUSER', 'ks', 'on', '>pw', '~*', '&*', '+@all', '-config'] as const;
    const { url } = await serverAfter(user, ['CONFIG', 'SET', 'maxmemory-policy', 'volatile-ttl']);
    expect(await refusalOf(asUser(url))).toMatchObject({ refusal: 'EVICTS' });
  });

  test('warns where the eviction policy cannot be read at all', async () => {
    const rules = ['on', '>pw', '~*', '&*', '+@all', '-config', '-info'];
    const { url } = await serverAfter(['ACL', 'SETUSER', 'ks', ...rules]);
    const warnings = await open(asUser(url)).probe();
    expect(warnings).toEqual([expect.stringContaining('maxmemory-policy')]);
  });

  test('names a server that is gone, and its user and password never', async () => {
    const refusal = await refusalOf('redis://me:hidden-word@127.0.0.1:1');
    expect(refusal).toMatchObject({
      refusal: 'ECONNREFUSED',
      message: 'Redis at 127.0.0.1:1 refuses connections (ECONNREFUSED): check that it runs',
    });
  });
});

describe('the probe of a queue whose certificate cannot be read', () => {
  const servers = { username: undefined, tls: true, prefix: '{ks}' };
  const hosts = [{ host: '127.0.0.1', port: 1 }];
  test.each([
    { kind: 'redis', prefix: 'ks' },
    { ...servers, kind: 'cluster', nodes: hosts },
    { ...servers, kind: 'sentinel', name: 'main', hosts },
  ] as const)('names the server and queue.tls, with $kind', async (config) => {
    const redisTls = { cert: '-----BEGIN CERTIFICATE-----\ncut', key: '-----BEGIN KEY-----\ncut' };
    const backend = open('rediss://127.0.0.1:1', config, { redisTls });
    await expect(backend.probe()).rejects.toMatchObject({
      code: 'KEYSWEEP_QUEUE_UNAVAILABLE',
      message: expect.stringMatching(
        /127\.0\.0\.1:1.* cannot be asked with the certificates of queue\.tls \(ERR_OSSL_/,
      ),
    });
  });
});
