import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Authority, canMakeCertificates, createAuthority } from '../support/certificates.ts';
import { canStartPostgres, serverOwner, startPostgres } from '../support/postgres.ts';
import { canStartRedis } from '../support/redis.ts';
import {
  startTlsCluster,
  startTlsRedis,
  startTlsSentinel,
  type TlsServer,
} from '../support/tls-servers.ts';
import { createWorld } from './world.ts';

interface Kind {
  readonly start: (authority: Authority) => Promise<TlsServer>;
  /** The `queue` of a configuration in which `tls` switches TLS on. */
  queue(address: string): object;
}

const kinds: Record<string, Kind> = {
  'single server': {
    start: startTlsRedis,
    queue: (address) => ({ url: `rediss://${address}` }),
  },
  Sentinel: {
    start: startTlsSentinel,
    queue: (address) => ({ sentinel: { name: 'main', hosts: [address], tls: true } }),
  },
  Cluster: {
    start: startTlsCluster,
    queue: (address) => ({ cluster: { nodes: [address], tls: true }, prefix: '{ks}' }),
  },
};

const hasAll = canStartRedis() && canStartPostgres() && canMakeCertificates();

describe.skipIf(!hasAll)('servers of a private authority', () => {
  const closings: (() => unknown)[] = [];
  let authority: Authority;
  let databaseUrl: string;
  beforeAll(async () => {
    authority = await createAuthority();
    const owner = serverOwner();
    const { certFile, keyFile } = await authority.issue({ names: ['DNS:localhost'], owner });
    const ssl = ['ssl=on', `ssl_cert_file=${certFile}`, `ssl_key_file=${keyFile}`];
    const postgres = await startPostgres(ssl);
    closings.push(authority.close, postgres.close);
    databaseUrl = `postgres://keysweep@localhost:${postgres.port}/keysweep?sslmode=verify-full`;
  });
  afterAll(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  test.each(Object.entries(kinds))(
    'a sweep over PostgreSQL and Redis (%s), trusted by file or by NODE_EXTRA_CA_CERTS',
    async (_, { start, queue }) => {
      const redis = await start(authority);
      const trusting = { NODE_EXTRA_CA_CERTS: authority.caFile };
      const world = await createWorld({
        stack: 'redis',
        databaseUrl,
        env: trusting,
        config: { queue: queue(redis.address) },
      });
      try {
        const byAuthority = await world.run(['sweep']);
        expect({ ...byAuthority, stdout: '' }).toMatchObject({ code: 1, stderr: noLog });

        const untrusted = { NODE_EXTRA_CA_CERTS: undefined };
        const rootCert = `${databaseUrl}&sslrootcert=${authority.caFile}`;
        const byFile = { ...queue(redis.address), tls: { caFile: authority.caFile } };
        await world.write({ config: { store: { url: rootCert }, queue: byFile } });
        const swept = await world.run(['sweep'], untrusted);
        expect({ ...swept, stdout: '' }).toMatchObject({ code: 1, stderr: noLog });

        await world.write({ config: { store: { url: rootCert }, queue: queue(redis.address) } });
        const refused = await world.run(['sweep'], untrusted);
        expect(refused.code).toBe(2);
        expect(refused.stderr).toMatch(/Redis .* an authority that is not known here/);
        expect(refused.stderr).toMatch(/NODE_EXTRA_CA_CERTS/);
      } finally {
        await world.close();
        await redis.close();
      }
    },
  );
});

const noLog = expect.not.stringMatching(/"level"/);
