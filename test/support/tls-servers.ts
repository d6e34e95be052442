import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Authority } from './certificates.ts';
import { childServer, freePort } from './child-server.ts';
import { eventually } from './eventually.ts';
import { startRedis } from './redis.ts';

/** A server that speaks TLS with a certificate of a private authority, for the name localhost. */
export interface TlsServer {
  /** `host:port` of its TLS. */
  readonly address: string;
  close(): Promise<void>;
}

const names = ['DNS:localhost', 'IP:127.0.0.1'];

/** One Redis; `args` are further options. Its plain port is for the test's own commands. */
export async function startTlsRedis(authority: Authority, args: readonly string[] = []) {
  const port = await freePort();
  const server = await startRedis([...(await tlsOptions(authority, port)), ...args]);
  return { ...server, address: `localhost:${port}`, tlsPort: port };
}

/** A Redis and a sentinel that watches it under the name `main`; both speak TLS only outwards. */
export async function startTlsSentinel(authority: Authority): Promise<TlsServer> {
  const master = await startTlsRedis(authority, ['--tls-replication', 'yes']);
  const folder = await mkdtemp(join(tmpdir(), 'ks-sentinel-'));
  const [plain, port] = [await freePort(), await freePort()];
  const options = [...(await tlsOptions(authority, port)), '--tls-replication', 'yes'];
  const lines = [`port ${plain}`, `sentinel monitor main 127.0.0.1 ${master.tlsPort} 1`];
  const file = join(folder, 'sentinel.conf');
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = childServer({
    program: 'redis-server',
    args: [file, '--sentinel', ...options],
    cwd: folder,
    isReady: async () => String(await ask(plain, 'SENTINEL', 'master', 'main')).includes('master,'),
  });
  await child.start();
  return {
    address: `localhost:${port}`,
    async close() {
      await child.end('SIGKILL');
      await master.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A cluster of one node, which has all slots. */
export async function startTlsCluster(authority: Authority): Promise<TlsServer> {
  const bus = String(await freePort());
  const node = await startTlsRedis(authority, [
    ...['--cluster-enabled', 'yes', '--cluster-port', bus, '--tls-cluster', 'yes'],
    ...['--cluster-announce-ip', '127.0.0.1'],
  ]);
  await ask(node.port, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await eventually('the cluster is up', async () =>
    String(await ask(node.port, 'CLUSTER', 'INFO')).includes('cluster_state:ok'),
  );
  return node;
}

async function tlsOptions(authority: Authority, port: number): Promise<string[]> {
  const { certFile, keyFile } = await authority.issue({ names });
  return [
    ...['--tls-port', String(port), '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', certFile, '--tls-key-file', keyFile],
    ...['--tls-ca-cert-file', authority.caFile],
  ];
}

async function ask(port: number, name: string, ...args: string[]): Promise<unknown> {
  const client = new Redis({ port, lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
}
