import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wrongStoreUrl } from '../../../../src/config/addresses.ts';
import { openStoreBackend } from '../../../../src/queue/backend.ts';
import { openPostgresDatabase } from '../../../../src/record/store/database.ts';
import { migrate } from '../../../../src/record/store/migrate.ts';
import { assertWritable, nameRefusal } from '../../../../src/record/store/probe-write.ts';
import {
  type Authority,
  canMakeCertificates,
  createAuthority,
} from '../../../support/certificates.ts';
import type { OwnServer } from '../../../support/child-server.ts';
import { openMuteServer } from '../../../support/mute-server.ts';
import { canStartPostgres, serverOwner, startPostgres } from '../../../support/postgres.ts';

const password = 'p@s:s/w%o#r?d';
const access = `
local all all trust
host all keysweep 127.0.0.1/32 trust
host all odd 127.0.0.1/32 scram-sha-256
hostssl all tls_only 127.0.0.1/32 trust
`;

/** Opens a database as keysweep does, runs `work`, and closes it. */
async function through<T>(
  url: string,
  work: (database: ReturnType<typeof openPostgresDatabase>) => Promise<T>,
): Promise<T> {
  expect(wrongStoreUrl(url)).toBeUndefined();
  const database = openPostgresDatabase(url, { connectionLost: () => undefined });
  try {
    return await nameRefusal(database, work(database));
  } finally {
    await database.close();
  }
}

const userOf = (url: string) =>
  through(url, async ({ db }) => {
    const found = await sql<{ name: string }>`select current_user as name`.execute(db);
    return found.rows[0]?.name;
  });
const refusalOf = (url: string): Promise<string> =>
  userOf(url).then(
    (name) => `no refusal, as ${name}`,
    (error: Error) => error.message,
  );

describe.skipIf(!canStartPostgres() || !canMakeCertificates())('PostgreSQL', () => {
  let folder: string;
  let authority: Authority;
  let server: OwnServer;
  let port: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ks-pg-'));
    authority = await createAuthority();
    const owner = serverOwner();
    const { certFile, keyFile } = await authority.issue({ names: ['DNS:localhost'], owner });
    await writeFile(join(folder, 'hba.conf'), access);
    if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
    server = await startPostgres([
      `unix_socket_directories=${folder}`,
      `hba_file=${join(folder, 'hba.conf')}`,
      ...['ssl=on', `ssl_cert_file=${certFile}`, `ssl_key_file=${keyFile}`],
    ]);
    port = server.port;
    await admin('create role tls_only login');
    await admin(`create role odd login password '${password}'`);
    await admin("create database latin encoding 'LATIN1' template template0");
  });
  afterAll(async () => {
    await server?.close();
    await authority?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function admin(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  test('is reached over a Unix socket, in every form of the URL, and takes the queue too', async () => {
    const encoded = encodeURIComponent(folder);
    const forms = [
      `postgresql:///keysweep?host=${folder}&port=${port}&user=keysweep`,
      `postgresql://keysweep@/keysweep?host=${folder}&port=${port}`,
      `postgres://keysweep:any@/keysweep?host=${encoded}&port=${port}`,
      `postgresql://keysweep@${encoded}/keysweep?port=${port}`,
      `postgresql://keysweep@${encoded}:${port}/keysweep`,
    ];
    for (const url of forms) expect(await userOf(url)).toBe('keysweep');
    await through(forms[1] ?? '', async (database) => {
      expect(database.server).toBe(`PostgreSQL at ${folder}/.s.PGSQL.${port}`);
      await migrate(database, true);
      await assertWritable(database);
      await openStoreBackend(database).probe();
    });
  });

  test('is named by its socket where there is none', async () => {
    expect(await refusalOf('postgres://a:b@/d?host=/cloudsql/project:region:instance')).toBe(
      'PostgreSQL at /cloudsql/project:region:instance/.s.PGSQL.5432 has no socket there (ENOENT): ' +
        'check the folder in host= and that it runs',
    );
  });

  test('takes a password of special characters, encoded', async () => {
    const url = `postgres://odd:${encodeURIComponent(password)}@127.0.0.1:${port}/keysweep`;
    expect(await userOf(url)).toBe('odd');
    expect(await refusalOf(url.replace('odd:p', 'odd:q'))).toMatch(
      /refuses the password \(28P01\)/,
    );
  });

  test('with TLS and a private authority: verify-full, and words for what is wrong', async () => {
    const at = (host: string, query: string) =>
      `postgres://tls_only@${host}:${port}/keysweep?${query}`;
    const trusted = `sslmode=verify-full&sslrootcert=${authority.caFile}`;
    expect(await userOf(at('localhost', trusted))).toBe('tls_only');
    expect(await refusalOf(at('localhost', 'sslmode=disable'))).toMatch(
      /refuses this connection without TLS \(28000\): add sslmode=verify-full/,
    );
    expect(await refusalOf(at('localhost', 'sslmode=verify-full'))).toMatch(
      /authority that is not known here \(\w+\): add sslrootcert=FILE .* or set NODE_EXTRA_CA_CERTS/,
    );
    expect(await refusalOf(at('127.0.0.1', trusted))).toMatch(/for another name/);
    expect(await refusalOf(at('localhost', `${trusted}.gone`))).toMatch(
      new RegExp(
        `the file ${authority.caFile}.gone cannot be read \\(ENOENT\\): correct sslrootcert`,
      ),
    );
  });

  test('with a certificate that has expired', { tags: ['all'] }, async () => {
    const owner = serverOwner();
    const old = await authority.issue({ names: ['DNS:localhost'], days: -1, owner });
    const ssl = ['ssl=on', `ssl_cert_file=${old.certFile}`, `ssl_key_file=${old.keyFile}`];
    const other = await startPostgres(ssl);
    try {
      const query = `sslmode=verify-full&sslrootcert=${authority.caFile}`;
      expect(
        await refusalOf(`postgres://keysweep@localhost:${other.port}/keysweep?${query}`),
      ).toMatch(/has expired \(CERT_HAS_EXPIRED\): renew it, or check the clock/);
    } finally {
      await other.close();
    }
  });

  test('without TLS where TLS is asked for', { tags: ['all'] }, async () => {
    const plain = await startPostgres();
    try {
      expect(await refusalOf(`${plain.url}?sslmode=verify-full`)).toMatch(
        /has no TLS: change sslmode/,
      );
    } finally {
      await plain.close();
    }
  });

  test('of another encoding is refused by migrate and at start', async () => {
    const url = `postgres://keysweep@127.0.0.1:${port}/latin`;
    for (const queueInStore of [true, false]) {
      await expect(through(url, (database) => migrate(database, queueInStore))).rejects.toThrow(
        /has the encoding LATIN1, .*createdb --encoding UTF8/,
      );
    }
  });
});

test('a PostgreSQL that takes connections and says nothing is given up and named', {
  tags: ['all'],
}, async () => {
  const mute = await openMuteServer();
  try {
    const startedAt = performance.now();
    const url = `postgres://keysweep@127.0.0.1:${mute.port}/keysweep`;
    await expect(through(url, assertWritable)).rejects.toThrow(
      `PostgreSQL at 127.0.0.1:${mute.port}/keysweep does not answer (ETIMEDOUT)`,
    );
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  } finally {
    await mute.close();
  }
});

describe.skipIf(!canStartPostgres())('a standby of PostgreSQL', () => {
  test('is refused by its own word, with the mend', { tags: ['all'] }, async () => {
    const server = await startPostgres();
    try {
      await through(server.url, (database) => migrate(database, false));
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>('show data_directory');
      await client.end();
      await server.stop();
      await writeFile(join(rows[0]?.data_directory ?? '', 'standby.signal'), '');
      await server.restart();
      await expect(through(server.url, assertWritable)).rejects.toThrow(
        /refuses writes \(25006\): it is a standby/,
      );
    } finally {
      await server.close();
    }
  });
});
