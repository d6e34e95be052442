import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { childServer, freePort, type OwnServer } from './child-server.ts';
import { eventually } from './eventually.ts';
import { findProgram } from './find-program.ts';
import { startRedis } from './redis.ts';

/** Redis servers of which one takes over when the one that a test kills is lost. */
export interface RedisGroup {
  /** The `queue` of a configuration. */
  readonly queue: object;
  /** Kills the server that has the jobs. */
  killMaster(): Promise<void>;
  close(): Promise<void>;
}

const host = '127.0.0.1';

/** Whether this machine can start both kinds of groups. */
export const canStartRedisGroups = (): boolean =>
  findProgram('redis-server') !== undefined && findProgram('redis-cli') !== undefined;

/** A server, its replica, and three sentinels of which two must agree. */
export async function startSentinelGroup(prefix: string): Promise<RedisGroup> {
  const open: Closable[] = [];
  const keep = keepIn(open);
  const master = await keep(startRedis());
  await keep(startRedis(['--replicaof', host, String(master.port)]));
  await isReplicated(master.url);
  const sentinels = await Promise.all([1, 2, 3].map(() => keep(startSentinel(master.port))));
  const [first] = sentinels;
  await eventually('the sentinels know each other and the replica', async () => {
    const text = JSON.stringify(await ask(first?.port, 'SENTINEL', 'master', 'main'));
    return text.includes('"num-other-sentinels","2"') && text.includes('"num-slaves","1"');
  });
  const hosts = sentinels.map(({ port }) => `${host}:${port}`);
  return {
    queue: { sentinel: { name: 'main', hosts }, prefix },
    killMaster: () => master.kill(),
    close: () => closeAll(open),
  };
}

/** Three servers that share the slots, and a replica of the one that has the slot of the prefix. */
export async function startClusterGroup(prefix: string): Promise<RedisGroup> {
  const open: Closable[] = [];
  const keep = keepIn(open);
  const nodes = await Promise.all([1, 2, 3, 4].map(() => keep(startNode())));
  const [one, two, three, spare] = nodes.map(({ port }) => `${host}:${port}`);
  await cli('create', one, two, three, '--cluster-yes');
  const [port] = nodes.map((node) => node.port);
  const slot = Number(await ask(port, 'CLUSTER', 'KEYSLOT', prefix));
  const owner = await eventually('the cluster serves the slot', async () => {
    const ranges = (await ask(port, 'CLUSTER', 'SLOTS')) as [
      number,
      number,
      [string, number, string],
    ][];
    return ranges.find(([from, to]) => from <= slot && slot <= to)?.[2];
  });
  await cli('add-node', spare, one, '--cluster-slave', '--cluster-master-id', owner[2]);
  const master = nodes.find((node) => node.port === owner[1]);
  if (master === undefined) throw new Error('no node has the slot');
  await isReplicated(master.url);
  return {
    queue: { cluster: { nodes: [one, two, three] }, prefix },
    killMaster: () => master.kill(),
    close: () => closeAll(open),
  };
}

type Closable = Pick<OwnServer, 'close'>;

function keepIn(open: Closable[]) {
  return async <T extends Closable>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    open.push(started);
    return started;
  };
}

async function closeAll(open: Closable[]): Promise<void> {
  await Promise.all(open.splice(0).map((one) => one.close()));
}

async function ask(port: number | undefined, name: string, ...args: string[]): Promise<unknown> {
  const client = new Redis({ host, port: port ?? 0, lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
}

async function isReplicated(url: string): Promise<void> {
  const port = Number(new URL(url).port);
  await eventually('the replica is in step', async () =>
    String(await ask(port, 'INFO', 'replication')).includes('state=online'),
  );
}

async function cli(...args: (string | undefined)[]): Promise<void> {
  const words = args.map((word) => word ?? '');
  await promisify(execFile)(findProgram('redis-cli') ?? 'redis-cli', ['--cluster', ...words]);
}

async function startNode(): Promise<OwnServer> {
  const bus = await freePort();
  return startRedis([
    ...['--cluster-enabled', 'yes', '--cluster-port', String(bus)],
    ...['--cluster-node-timeout', '1500', '--cluster-config-file', 'nodes.conf'],
  ]);
}

async function startSentinel(watched: number): Promise<Closable & { readonly port: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-sentinel-'));
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    `bind ${host}`,
    `dir ${folder}`,
    `sentinel monitor main ${host} ${watched} 2`,
    'sentinel down-after-milliseconds main 1000',
    'sentinel failover-timeout main 6000',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = childServer({
    program: findProgram('redis-server') ?? 'redis-server',
    args: [file, '--sentinel'],
    cwd: folder,
    isReady: async () => (await ask(port, 'PING')) === 'PONG',
  });
  await child.start();
  return {
    port,
    async close() {
      await child.end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
