import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childServer, freePort } from './child-server.ts';
import { findProgram } from './find-program.ts';
import { answersQueries, serverOwner } from './postgres.ts';

/** Whether this machine has a `pgbouncer` that a test may start. */
export const canStartPgbouncer = (): boolean => program() !== undefined;

const program = () => findProgram('pgbouncer');

/** A pooler in transaction mode, with its own settings otherwise, before the server of this URL. */
export async function startPgbouncer(
  url: string,
): Promise<{ url: string; close(): Promise<void> }> {
  const found = program();
  if (found === undefined) throw new Error('no pgbouncer on this machine');
  const server = new URL(url);
  const folder = await mkdtemp(join(tmpdir(), 'ks-pgbouncer-'));
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  const user = decodeURIComponent(server.username);
  const password = decodeURIComponent(server.password);
  const lines = [
    '[databases]',
    `* = host=${server.hostname} port=${server.port || 5432}${password && ` password=${password}`}`,
    '[pgbouncer]',
    `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =`,
    `auth_type = trust\nauth_file = ${join(folder, 'users.txt')}`,
    'pool_mode = transaction',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  await writeFile(join(folder, 'users.txt'), `"${user}" "${password}"\n`);
  const owner = serverOwner();
  if (owner !== undefined) {
    for (const path of [folder, file, join(folder, 'users.txt')]) {
      await chown(path, owner.uid, owner.gid);
    }
  }
  const pooled = new URL(url);
  pooled.host = `127.0.0.1:${port}`;
  const child = childServer({
    program: found,
    args: [file],
    cwd: folder,
    owner,
    isReady: () => answersQueries(pooled.href),
  });
  await child.start();
  return {
    url: pooled.href,
    async close() {
      await child.end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
