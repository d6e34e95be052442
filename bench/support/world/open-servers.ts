import { Redis } from 'ioredis';
import { Client } from 'pg';
import { freshDatabase } from '../../../test/support/postgres.ts';
import { freshRedisPrefix } from '../../../test/support/redis.ts';
import { findServer, type ServerKind } from '../../../test/support/servers.ts';
import { readParent, readProgram } from '../processes/read-process.ts';

/** PostgreSQL and Redis, found as the tests find them, with an empty database of this bench's own. */
export interface Servers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  /** The processes of the servers; undefined for one that is not on this machine. */
  readonly postgresPid: number | undefined;
  readonly redisPid: number | undefined;
  close(): Promise<void>;
}

/** Throws if there is no PostgreSQL or no Redis. */
export async function openServers(): Promise<Servers> {
  const redis = await need('redis');
  const postgres = await need('postgres');
  const database = await freshDatabase(postgres.url);
  const { prefix, drop } = freshRedisPrefix(redis.url);
  return {
    databaseUrl: database.url,
    redisUrl: redis.url,
    prefix,
    postgresPid: await postgresPid(database.url),
    redisPid: await redisPid(redis.url),
    async close() {
      await Promise.all([database.drop(), drop()]);
      await Promise.all([redis.stop(), postgres.stop()]);
    },
  };
}

async function need(kind: ServerKind) {
  const found = await findServer(kind, process.env);
  if ('url' in found) return found;
  throw new Error(`this bench needs ${kind}: ${found.reasons.join('; ')}`);
}

/** The server's main process: the parent of the process that answers us. */
async function postgresPid(url: string): Promise<number | undefined> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  // Asked while connected: afterwards, this process is gone.
  const pid = readParent(rows[0]?.pid ?? 0);
  await client.end();
  return ifRuns(pid, 'postgres');
}

async function redisPid(url: string): Promise<number | undefined> {
  const client = new Redis(url);
  const info = await client.info('server');
  client.disconnect();
  return ifRuns(Number(/process_id:(\d+)/.exec(info)?.[1]), 'redis-server');
}

/** A server in a container, or on another machine, has a process id that is not ours. */
function ifRuns(pid: number | undefined, program: string): number | undefined {
  return pid !== undefined && readProgram(pid) === program ? pid : undefined;
}
