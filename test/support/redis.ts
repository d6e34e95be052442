import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { childServer, freePort, type OwnServer } from './child-server.ts';
import { findProgram } from './find-program.ts';

/** Whether this machine has a `redis-server` that a test may start and kill. */
export const canStartRedis = (): boolean => findProgram('redis-server') !== undefined;

/**
 * Starts a separate Redis for a test. It writes nothing to disk unless `args` says so (they come
 * last and take precedence), so by default a killed server comes back empty.
 */
export async function startRedis(args: readonly string[] = []): Promise<OwnServer> {
  const program = findProgram('redis-server');
  if (program === undefined) throw new Error('no redis-server on this machine');
  const folder = await mkdtemp(join(tmpdir(), 'ks-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const child = childServer({
    program,
    args: [...settings(port, folder), ...args],
    cwd: folder,
    isReady: () => answersPing(url),
  });
  const close = async () => {
    await child.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await child.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    port,
    get pid() {
      return child.pid;
    },
    stop: () => child.end('SIGTERM'),
    kill: () => child.end('SIGKILL'),
    restart: () => child.start(),
    close,
  };
}

const settings = (port: number, folder: string) => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
  ...['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
];

async function answersPing(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } finally {
    client.disconnect();
  }
}

/** A prefix for one test file's keys in a shared Redis; `drop` removes all keys under it. */
export function freshRedisPrefix(url: string): { prefix: string; drop(): Promise<void> } {
  const prefix = `ks-test-${randomBytes(6).toString('hex')}`;
  return {
    prefix,
    drop: async () => {
      const client = new Redis(url);
      try {
        for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1_000 })) {
          if (keys.length > 0) await client.unlink(...(keys as string[]));
        }
      } finally {
        client.disconnect();
      }
    },
  };
}
