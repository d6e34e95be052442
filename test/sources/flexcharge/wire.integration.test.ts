import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { tokenBody } from '../../../src/sandbox/bodies.ts';
import { eventually } from '../../support/eventually.ts';
import { context, fleetKey, sandboxWith, sourceFor } from './source-for.ts';

const token = 'canary-token-5f1d';
const credentials = { appKey: 'canary-key-77aa', appSecret: 'canary-secret-91be' };
const canaries = [token, credentials.appKey, credentials.appSecret];

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

/** A vendor whose token endpoint works, and whose keys are answered by `respond`. */
async function vendor(respond: Respond): Promise<string> {
  const server = createServer((request, response) => {
    if (!request.url?.endsWith('/oauth2/token')) return respond(request, response);
    request.resume();
    response.end(JSON.stringify(tokenBody(token, Date.now() + 600_000)));
  });
  onTestFinished(() => server.closeAllConnections());
  return listen(server);
}

const keyJson = (difference: object = {}) =>
  JSON.stringify({ status: 'SUCCESS', success: true, ...fleetKey(difference), errors: [] });

async function observe(url: string, timeoutMs = 3_000) {
  const source = sourceFor(url, { credentials, config: { timeoutMs } });
  return source.observe('key_abc123', context());
}

test('sends the bearer token and asks for JSON that is not compressed', async () => {
  let headers: IncomingMessage['headers'] = {};
  const url = await vendor((request, response) => {
    headers = request.headers;
    response.end(keyJson());
  });
  expect(await observe(url)).toMatchObject({ kind: 'observed' });
  expect(headers).toMatchObject({
    authorization: `bearer ${token}`,
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'keysweep',
  });
});

test('reuses its connection', async () => {
  const ports = new Set<number | undefined>();
  const url = await vendor((request, response) => {
    ports.add(request.socket.remotePort);
    response.end(keyJson());
  });
  const source = sourceFor(url);
  for (let round = 0; round < 5; round += 1) await source.observe('key_abc123', context());
  expect(ports.size).toBe(1);
});

test('follows no redirect, and sends its token nowhere else', async () => {
  let elsewhere = 0;
  const other = await vendor((_request, response) => {
    elsewhere += 1;
    response.end(keyJson());
  });
  for (const status of [301, 302, 303, 307, 308]) {
    const url = await vendor((_request, response) => {
      response.writeHead(status, { location: `${other}/api-keys/key_abc123` }).end();
    });
    expect(await observe(url)).toMatchObject({
      observation: { reason: 'vendor-error', detail: `HTTP ${status}` },
    });
  }
  const same = await sandboxWith({ faults: ['redirect=/v1/api-keys/key_abc123*1'] });
  await sourceFor(same.url).observe('key_abc123', context());
  expect(same.requests.key).toBe(1);
  expect(elsewhere).toBe(0);
});

test('reads a body of one megabyte and refuses one byte more', async () => {
  const frame = keyJson({ name: '' }).length;
  const sized = (bytes: number) => keyJson({ name: 'n'.repeat(bytes - frame) });
  const whole = await vendor((_request, response) => response.end(sized(1_048_576)));
  expect(await observe(whole)).toMatchObject({ observation: { kind: 'present' } });
  const larger = await vendor((_request, response) => response.end(sized(1_048_577)));
  expect(await observe(larger)).toMatchObject({ reason: 'invalid-response' });
});

test('stops reading a body without end', async () => {
  let sent = 0;
  const url = await vendor((_request, response) => {
    const chunk = Buffer.alloc(65_536, 0x20);
    const more = () => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      response.once('drain', more);
    };
    more();
  });
  expect(await observe(url)).toMatchObject({
    reason: 'invalid-response',
    detail: 'HTTP 200 with a body over 1 MB',
  });
  expect(sent).toBeLessThan(50_000_000);
});

test('an oversized error keeps the reason of its status', async () => {
  const url = await vendor((_request, response) => {
    response.writeHead(503).end(Buffer.alloc(2_000_000, 0x20));
  });
  expect(await observe(url)).toMatchObject({ reason: 'vendor-error', detail: 'HTTP 503' });
});

const gzipped = (content: Buffer) =>
  vendor((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(content);
  });

test('a compressed bomb is unpacked up to the cap and no further', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));
  expect(await observe(await gzipped(bomb))).toMatchObject({
    reason: 'invalid-response',
    detail: 'HTTP 200 with a body over 1 MB',
  });
});

test('reads an answer that is compressed unasked, and none whose compression is cut', async () => {
  const small = gzipSync(keyJson());
  expect(await observe(await gzipped(small))).toMatchObject({ observation: { kind: 'present' } });
  const cut = small.subarray(0, small.length - 12);
  expect(await observe(await gzipped(cut))).toMatchObject({ reason: 'invalid-response' });
});

test('a body that ends before its length is cut', async () => {
  const url = await vendor((_request, response) => {
    response.writeHead(200, { 'content-length': 1_000 });
    response.write('{"id":"key_abc123"}', () => response.destroy());
  });
  expect(await observe(url)).toMatchObject({
    reason: 'invalid-response',
    detail: 'HTTP 200 with a cut body',
  });
});

test('a chunked body that breaks off is cut, though it is whole JSON', async () => {
  const url = await vendor((_request, response) => {
    response.write(keyJson(), () => response.destroy());
  });
  expect(await observe(url)).toMatchObject({ reason: 'invalid-response' });
});

test('a server that does not speak HTTP gives an invalid response', async () => {
  const url = await listen(
    createTcpServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.2\r\n')),
  );
  expect(await observe(url)).toMatchObject({ reason: 'invalid-response', counts: true });
});

test('a server that closes without a word is unreachable', async () => {
  const url = await listen(createTcpServer((socket) => socket.resume().end()));
  expect(await observe(url)).toMatchObject({ reason: 'unreachable' });
});

test('a server that takes connections and says nothing runs into the timeout', async () => {
  const sockets = new Set<{ destroy(): void }>();
  const url = await listen(createTcpServer((socket) => void sockets.add(socket)));
  expect(await observe(url, 200)).toMatchObject({ reason: 'timeout' });
  for (const socket of sockets) socket.destroy();
});

test('a server that switches protocols unasked is answered for at once, and let go', async () => {
  let closed = false;
  const url = await vendor((request, response) => {
    request.socket.once('close', () => {
      closed = true;
    });
    response.writeHead(101, { connection: 'upgrade', upgrade: 'websocket' }).flushHeaders();
  });
  const observation = { reason: 'vendor-error', detail: 'HTTP 101' };
  expect(await observe(url)).toMatchObject({ observation });
  await eventually('the connection is closed', async () => closed);
});

test('drops that trickle in do not put off the timeout', async () => {
  const url = await vendor((_request, response) => {
    response.writeHead(200, { 'content-length': 10_000 });
    const timer = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(timer));
  });
  const startedAt = performance.now();
  expect(await observe(url, 300)).toMatchObject({ reason: 'timeout' });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('a name that does not resolve, and TLS where there is none, are unreachable', async () => {
  expect(await observe('http://no-such-host.invalid/v1')).toMatchObject({ reason: 'unreachable' });
  const plain = await vendor((_request, response) => response.end(keyJson()));
  const answer = await observe(plain.replace('http:', 'https:'));
  expect(answer).toMatchObject({ kind: 'unanswered', reason: 'unreachable' });
});

test('no secret is in any answer or error, whatever the vendor sends back', async () => {
  const echo = (request: IncomingMessage) => `${request.headers.authorization} ${request.url}`;
  const responses: readonly Respond[] = [
    (request, response) => response.writeHead(500).end(echo(request)),
    (request, response) => response.writeHead(403).end(JSON.stringify({ errors: [echo(request)] })),
    (request, response) => response.writeHead(404).end(echo(request)),
    (request, response) => response.writeHead(302, { location: `/${echo(request)}` }).end(),
    (request, response) =>
      response.end(JSON.stringify({ success: false, errors: [echo(request)] })),
    (request, response) => response.end(JSON.stringify({ id: echo(request) })),
    (request, response) => response.end(echo(request)),
    (_request, response) => response.destroy(),
    () => {},
  ];
  for (const respond of responses) {
    const answer = await observe(await vendor(respond), 200);
    expectClean(answer);
  }
  for (const echoed of ['POST body', 'invalid token']) {
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const accessToken = echoed === 'invalid token' ? `${body}\n` : undefined;
      response.writeHead(accessToken ? 200 : 500).end(JSON.stringify({ accessToken, body }));
    });
    onTestFinished(() => server.closeAllConnections());
    expectClean(await observe(await listen(server)));
  }
});

test('no secret is in what an abort or a close rejects with', async () => {
  const url = await vendor(() => {});
  const source = sourceFor(url, { credentials });
  const signal = AbortSignal.timeout(100);
  const aborted = await source.observe('key_abc123', context({ signal })).catch((error) => error);
  const call = source.observe('key_abc123', context()).catch((error) => error);
  await source.close();
  for (const error of [aborted, await call]) {
    expect(error).toBeInstanceOf(Error);
    expectClean(error);
    expectClean(error.cause);
  }
});

function expectClean(value: unknown) {
  const text = [JSON.stringify(value), inspect(value, { depth: 20, showHidden: true })].join('\n');
  for (const canary of canaries) expect(text).not.toContain(canary);
}
