import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wrongRedisUrl } from '../../../src/config/addresses.ts';
import type { Secrets } from '../../../src/config/config.ts';
import { openRedisBackend } from '../../../src/queue/backend.ts';
import {
  type Authority,
  type Certificate,
  canMakeCertificates,
  createAuthority,
} from '../../support/certificates.ts';
import { freePort, type OwnServer } from '../../support/child-server.ts';
import { canStartRedis, startRedis } from '../../support/redis.ts';
import { noSecrets } from '../no-secrets.ts';

const password = 'p@s:s/w%o#r?d';
const encoded = encodeURIComponent(password);

describe.skipIf(!canStartRedis() || !canMakeCertificates())('Redis', () => {
  let folder: string;
  let authority: Authority;
  let own: Certificate;
  let server: OwnServer;
  let tlsPort: number;
  const socket = () => join(folder, 'redis.sock');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ks-redis-forms-'));
    authority = await createAuthority();
    const { certFile, keyFile } = await authority.issue({ names: ['DNS:localhost'] });
    own = await authority.issue({ names: ['DNS:keysweep.example'], commonName: 'keysweep' });
    tlsPort = await freePort();
    server = await startRedis([
      ...['--tls-port', String(tlsPort), '--tls-auth-clients', 'yes'],
      ...['--tls-cert-file', certFile, '--tls-key-file', keyFile],
      ...['--tls-ca-cert-file', authority.caFile, '--unixsocket', socket()],
      ...['--user', 'ks', 'on', `>${password}`, '~*', '&*', '+@all'],
    ]);
  });
  afterAll(async () => {
    await server?.close();
    await authority?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the queue's probe says over this URL: a refusal, or nothing. */
  async function probe(redisUrl: string, redisTls?: Secrets['redisTls']) {
    expect(wrongRedisUrl(redisUrl)).toBeUndefined();
    const config = { kind: 'redis', prefix: 'forms' } as const;
    const events = { connectionFailed: () => undefined };
    const backend = openRedisBackend(config, { ...noSecrets, redisUrl, redisTls }, events);
    try {
      await backend.probe();
      return `${backend.server} works`;
    } catch (error) {
      return (error as Error).message;
    } finally {
      backend.close();
    }
  }

  test('over TLS with a private authority, an ACL user and a certificate of our own', async () => {
    const url = `rediss://ks:${encoded}@localhost:${tlsPort}`;
    const { ca } = authority;
    expect(await probe(url, { ca, cert: own.cert, key: own.key })).toMatch(/localhost:\d+ works/);
    // The certificates switch TLS on.
    const plain = url.replace('rediss:', 'redis:');
    expect(await probe(plain, { ca, cert: own.cert, key: own.key })).toMatch(/works/);
    // The server's word may be lost when it ends the connection at once.
    expect(await probe(url, { ca })).toMatch(/queue\.tls/);
    expect(await probe(url)).toMatch(/authority that is not known here .*NODE_EXTRA_CA_CERTS/);
    const address = `rediss://127.0.0.1:${tlsPort}`;
    expect(await probe(address, { ca, cert: own.cert, key: own.key })).toMatch(/another name/);
    const wrong = url.replace(encoded, 'x');
    const refused = await probe(wrong, { ca, cert: own.cert, key: own.key });
    expect(refused).toMatch(/refuses the user or password \(WRONGPASS\)/);
  });

  test('says what may be wrong when one side speaks TLS and the other does not', {
    tags: ['all'],
  }, async () => {
    expect(await probe(`redis://localhost:${tlsPort}`)).toMatch(/rediss:\/\//);
    expect(await probe(`rediss://localhost:${server.port}`)).toMatch(/redis:\/\/ or rediss:\/\//);
  });

  test('over a Unix socket, with a user or without', async () => {
    const named = `Redis at ${socket()} works`;
    expect(await probe(`unix://${socket()}`)).toBe(named);
    expect(await probe(`unix://ks:${encoded}@${socket()}?db=3`)).toBe(named);
    expect(await probe(`redis+socket://${socket()}`)).toBe(named);
    expect(await probe(`unix://${socket()}.gone`)).toMatch(/has no socket there \(ENOENT\)/);
    expect(await probe(`unix://ks:x@${socket()}`)).toMatch(/WRONGPASS/);
  });
});

test.each([
  'unix://',
  'unix:///',
  'unix://host/path',
  'unix:///run/redis.sock?db=x',
  'unix:///run/redis.sock#1',
])('refuses %s', (url) => {
  expect(wrongRedisUrl(url)).toBeDefined();
});
