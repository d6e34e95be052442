import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readServer, type StoreOptions } from '../../../src/cli/server/read-server.ts';
import { collect, nobody } from '../run.ts';

type Given = Partial<StoreOptions> & { readonly env?: Readonly<Record<string, string>> };

/** What is read, or the line of the refusal; and what is said. */
async function read({ env = {}, ...options }: Given) {
  const [out, err] = [collect(), collect()];
  const { signal } = new AbortController();
  const streams = { stdin: nobody, stdout: out.stream, stderr: err.stream };
  const server = await readServer(
    { env, cwd: '/', signal, ...streams },
    { quiet: false, ...options },
  ).catch((error: Error) => error.message);
  return { server, said: err.text() };
}

const url = 'https://keysweep.example';

test('without a server the command is about the store of a configuration', async () => {
  expect((await read({})).server).toBeUndefined();
  expect(
    (await read({ env: { KEYSWEEP_SERVER: ' ', KEYSWEEP_TOKEN: 'x' } })).server,
  ).toBeUndefined();
});

test('the option counts more than the environment, and --config than KEYSWEEP_SERVER', async () => {
  const env = { KEYSWEEP_SERVER: url, KEYSWEEP_TOKEN: 'abc' };
  expect((await read({ env })).server).toMatchObject({ url: new URL(url), token: 'abc' });
  const other = 'https://other.example/keysweep';
  expect((await read({ env, server: other })).server).toMatchObject({ url: new URL(other) });
  expect((await read({ env, config: 'keysweep.yaml' })).server).toBeUndefined();
});

test('--server and --config together are refused', async () => {
  expect((await read({ server: url, config: 'keysweep.yaml' })).server).toBe(
    'give --server or --config, not both: a server has its own files',
  );
});

test.each([
  ['keysweep.example', 'must be a URL'],
  ['ftp://keysweep.example', 'must begin with https:// or http://'],
  ['https://ann:pw@keysweep.example', 'must not hold a user name or password'],
  ['https://keysweep.example?x', 'must not hold a query or fragment'],
])('the URL %s is refused without being printed', async (server, why) => {
  const line = `${why}: write it as https://keysweep.example`;
  expect((await read({ server })).server).toBe(`--server ${line}`);
  const env = { KEYSWEEP_SERVER: server };
  expect((await read({ env })).server).toBe(`KEYSWEEP_SERVER ${line}`);
});

test('the token is read from a file, without the line break at its end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ks-token-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'token');
  await writeFile(file, 'abc-123\n');
  const env = { KEYSWEEP_TOKEN_FILE: file };
  expect((await read({ server: url, env })).server).toMatchObject({ token: 'abc-123' });
  await writeFile(file, 'abc\n123\n');
  const { server } = await read({ server: url, env });
  expect(server).toMatch(/^KEYSWEEP_TOKEN_FILE holds no token/);
  expect(server).not.toContain('abc');
  await writeFile(file, '');
  expect((await read({ server: url, env })).server).toMatch(/^KEYSWEEP_TOKEN_FILE holds no token/);
});

test('a token file that cannot be read, and two tokens, are refused', async () => {
  const env = { KEYSWEEP_TOKEN_FILE: '/nowhere/token' };
  expect((await read({ server: url, env })).server).toBe(
    'KEYSWEEP_TOKEN_FILE: /nowhere/token cannot be read (ENOENT)',
  );
  expect((await read({ server: url, env: { ...env, KEYSWEEP_TOKEN: 'a' } })).server).toBe(
    'KEYSWEEP_TOKEN and KEYSWEEP_TOKEN_FILE are both set: unset one',
  );
});

test('a proxy that cannot be used is refused', async () => {
  const env = { HTTPS_PROXY: 'socks5://proxy' };
  expect((await read({ server: url, env })).server).toMatch(/^HTTPS_PROXY names a SOCKS proxy/);
});

test.each([
  ['http://keysweep.example', true],
  ['http://127.0.0.1.example', true],
  ['http://10.0.0.1:8080', true],
  ['http://127.0.0.1:8080', false],
  ['http://localhost:8080', false],
  ['http://[::1]:8080', false],
  ['https://keysweep.example', false],
])('warns that %s can be read on the way: %s', async (server, warns) => {
  const env = { KEYSWEEP_TOKEN: 'abc' };
  const { said } = await read({ server, env });
  const { host } = new URL(server);
  const warning = `warning: the token and all that is asked of ${host} can be read on the way; use https://\n`;
  expect(said).toBe(warns ? warning : '');
  expect((await read({ server, env, quiet: true })).said).toBe('');
});
