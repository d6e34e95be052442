import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type Child, childServer, freePort, type OwnServer } from './child-server.ts';
import { findProgram } from './find-program.ts';

const run = promisify(execFile);

/** Whether this machine has a `postgres` that a test may start and kill. */
export const canStartPostgres = (): boolean => serverPrograms() !== undefined;

function serverPrograms(): { postgres: string; initdb: string } | undefined {
  const postgres = findProgram('postgres');
  if (postgres === undefined) return undefined;
  // From the same folder: another version's initdb makes a cluster that this server refuses.
  const initdb = join(dirname(realpathSync(postgres)), 'initdb');
  return existsSync(initdb) ? { postgres, initdb } : undefined;
}

export interface OwnPostgres {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly parent?: string;
}

/**
 * Starts a separate PostgreSQL for a test, with user and database `keysweep`. It never syncs to
 * disk: a killed process loses nothing, only a power cut would. If we are root, it runs as the user
 * `postgres`, because the server refuses root. `settings` are `name=value`, and take precedence.
 * `parent` is where its data lies, by default among the system's temporary files.
 */
export async function startPostgres(
  settings: readonly string[] = [],
  { env, parent = tmpdir() }: OwnPostgres = {},
): Promise<OwnServer> {
  const programs = serverPrograms();
  if (programs === undefined) throw new Error('no postgres on this machine');
  const folder = await mkdtemp(join(parent, 'ks-postgres-'));
  const port = await freePort();
  const url = `postgres://keysweep@127.0.0.1:${port}/keysweep`;
  const adminUrl = `postgres://keysweep@127.0.0.1:${port}/postgres`;
  const owner = serverOwner();
  const child = childServer({
    program: programs.postgres,
    args: serverArgs(folder, port, settings),
    cwd: folder,
    owner,
    env,
    isReady: () => answersQueries(adminUrl),
  });
  const close = async () => {
    await endAll(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await createCluster(programs.initdb, folder, owner);
    await child.start();
    await query(adminUrl, 'CREATE DATABASE keysweep');
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
    // SIGINT is the “fast” stop: it does not wait for clients.
    stop: () => child.end('SIGINT'),
    kill: () => endAll(child),
    restart: () => child.start(),
    close,
  };
}

async function createCluster(
  initdb: string,
  folder: string,
  owner: { uid: number; gid: number } | undefined,
): Promise<void> {
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  const args = ['--username=keysweep', '--auth=trust', '--encoding=UTF8', '--locale=C'];
  await run(initdb, [...args, '--no-sync', '--no-instructions', '--pgdata', folder], {
    cwd: folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    ...owner,
  });
}

function serverArgs(folder: string, port: number, settings: readonly string[]): string[] {
  const all = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'full_page_writes=off',
    'max_connections=400',
    'shared_buffers=32MB',
    ...settings,
  ];
  return ['-D', folder, '-p', String(port), ...all.flatMap((setting) => ['-c', setting])];
}

/** The user to run the server as; undefined unless we are root. */
export function serverOwner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const fields = users.find((line) => line.startsWith('postgres:'))?.split(':');
  if (fields === undefined) throw new Error('running as root, and there is no user postgres');
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/** Sends SIGKILL to the server and, at once, to its backends, which are not our children. */
async function endAll(child: Child): Promise<void> {
  const backends = child.pid === undefined ? [] : childrenOf(child.pid);
  await child.end('SIGKILL');
  for (const pid of backends) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The backend has ended already, because the server is gone.
    }
  }
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

export async function answersQueries(url: string): Promise<boolean> {
  await query(url, 'SELECT 1');
  return true;
}

async function query(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * Creates a database on a shared server: empty, or a copy of `template`. `drop` ends all
 * connections to it. The URL's user needs the right to create databases.
 */
export async function freshDatabase(
  url: string,
  template = 'template1',
): Promise<{ url: string; name: string; drop(): Promise<void> }> {
  const name = `ks_test_${randomBytes(6).toString('hex')}`;
  await query(url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  return {
    url: fresh.href,
    name,
    drop: () => query(url, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}
