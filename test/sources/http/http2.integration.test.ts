import { once } from 'node:events';
import {
  constants,
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Reply } from '../../../src/sources/http/reply.ts';
import { canMakeCertificates } from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { openProxy } from '../../support/proxy-server.ts';
import { openTcpProxy } from '../../support/tcp-proxy.ts';
import {
  listen,
  type Respond,
  theCertificate,
  tlsVendor,
  transportTo,
  withCertificates,
} from './tls-vendor.ts';

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_INTERNAL_ERROR } = constants;
const { NGHTTP2_HTTP_1_1_REQUIRED, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

const textOf = (reply: Reply) =>
  reply.kind === 'reply' ? (reply.body?.toString() ?? reply.fault) : reply;
const echoPath: Respond = (request, response) => void response.end(request.url);
const many = (count: number) => Array.from({ length: count }, (_, index) => `/${index}`);

describe.skipIf(!canMakeCertificates())('a vendor with TLS', () => {
  withCertificates();

  test.each([{ allowHTTP1: true }, { allowHTTP1: false }])(
    'is asked over HTTP/2 on one connection, with %o',
    async (options) => {
      const heads: Http2ServerRequest['headers'][] = [];
      const vendor = await tlsVendor((request, response) => {
        heads.push(request.headers);
        response.end(`${request.httpVersion} ${request.url}`);
      }, options);
      const { get } = transportTo(vendor);
      const replies = await Promise.all(many(50).map((path) => get(path)));
      expect(replies.map(textOf)).toEqual(many(50).map((path) => `2.0 /v1${path}`));
      expect(textOf(await get('/later?a=b'))).toBe('2.0 /v1/later?a=b');
      expect(vendor.connections()).toBe(1);
      expect(heads[0]).toMatchObject({
        ':authority': new URL(vendor.url).host,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'keysweep',
      });
    },
  );

  test('gets JSON and headers as over HTTP/1.1', async () => {
    for (const speaks of ['h2', 'http/1.1'] as const) {
      const vendor = await tlsVendor(
        async (request, response) => {
          let body = '';
          for await (const chunk of request) body += chunk;
          const { 'content-type': type, authorization } = request.headers;
          response.writeHead(429, { 'retry-after': '7' });
          response.end([request.method, request.httpVersion, type, authorization, body].join(' '));
        },
        { speaks },
      );
      const { signal } = new AbortController();
      const headers = { authorization: 'bearer t' };
      const sent = { method: 'POST' as const, url: vendor.url, headers, json: { a: 'ä' }, signal };
      const reply = await transportTo(vendor).send(sent);
      expect(reply).toMatchObject({ status: 429, retryAfterMs: 7_000, date: expect.any(String) });
      const version = speaks === 'h2' ? '2.0' : '1.1';
      expect(textOf(reply)).toBe(`POST ${version} application/json bearer t {"a":"ä"}`);
    }
  });

  test('that does not offer HTTP/2 is asked over HTTP/1.1, on connections that are kept', async () => {
    const ports = new Set<number | undefined>();
    const vendor = await tlsVendor(
      (request, response) => {
        ports.add(request.socket.remotePort);
        response.end(request.httpVersion);
      },
      { speaks: 'http/1.1' },
    );
    const { get } = transportTo(vendor);
    for (const path of many(5)) expect(textOf(await get(path))).toBe('1.1');
    expect(ports.size).toBe(1);
    // One more only asked for the protocol.
    expect(vendor.connections()).toBe(2);
  });

  test('that asks for HTTP/1.1 for a request gets it so', async () => {
    const vendor = await tlsVendor(
      (request, response) => {
        if (request.httpVersion === '2.0') response.stream.close(NGHTTP2_HTTP_1_1_REQUIRED);
        else response.end(request.httpVersion);
      },
      { allowHTTP1: true },
    );
    expect(textOf(await transportTo(vendor).get())).toBe('1.1');
  });

  test('gets no more requests at a time on a connection than it permits', async () => {
    const open = new Map<unknown, number>();
    let most = 0;
    const vendor = await tlsVendor(
      ({ stream: { session } }, response) => {
        const now = (open.get(session) ?? 0) + 1;
        open.set(session, now);
        most = Math.max(most, now);
        setTimeout(() => {
          open.set(session, (open.get(session) ?? 0) - 1);
          response.end('ok');
        }, 20);
      },
      { settings: { maxConcurrentStreams: 4 } },
    );
    const { get } = transportTo(vendor);
    const replies = await Promise.all(many(40).map((path) => get(path)));
    expect(replies.map(textOf)).toEqual(many(40).map(() => 'ok'));
    expect(most).toBeLessThanOrEqual(4);
    expect(vendor.connections()).toBeLessThanOrEqual(10);
    expect(vendor.connections()).toBeGreaterThan(4);
  });

  test('that permits no request is answered for when the time is up', async () => {
    const vendor = await tlsVendor(echoPath, { settings: { maxConcurrentStreams: 0 } });
    const { get } = transportTo(vendor, { timeoutMs: 300 });
    const replies = await Promise.all(many(3).map((path) => get(path)));
    expect(replies).toEqual(replies.map(() => expect.objectContaining({ kind: 'timeout' })));
    expect(vendor.connections()).toBeLessThanOrEqual(3);
  });

  test('that permits no more requests loses the connection after those under way', async () => {
    const vendor = await tlsVendor(({ stream }, response) => {
      stream.session?.settings({ maxConcurrentStreams: 0 }, () =>
        setTimeout(() => response.end('ok'), 50),
      );
    });
    const { get } = transportTo(vendor);
    for (const path of ['/1', '/2', '/3', '/4']) {
      expect(await get(path)).toMatchObject({ status: 200, fault: undefined });
    }
    await eventually('none is kept', () => vendor.sessions.every(({ destroyed }) => destroyed));
  });

  test('gets again what it had not begun when it sent GOAWAY, and nothing else twice', async () => {
    const begun: string[] = [];
    let seen = 0;
    const vendor = await tlsVendor((request, response) => {
      const { stream, url } = request;
      seen += 1;
      // As servers do it after some number of requests.
      if (seen === 10) stream.session?.goaway(NGHTTP2_NO_ERROR, stream.id);
      if (vendor.sessions.length === 1 && seen > 10) return;
      begun.push(url);
      setTimeout(() => response.end(url), 30);
    });
    const { get } = transportTo(vendor);
    const replies = await Promise.all(many(40).map((path) => get(path)));
    expect(replies.map(textOf)).toEqual(many(40).map((path) => `/v1${path}`));
    expect(new Set(begun).size).toBe(begun.length);
    expect(vendor.connections()).toBe(2);
  });

  test('that ends the connection with an error is named by its reason', async () => {
    const vendor = await tlsVendor(({ stream }, response) => {
      if (vendor.sessions.length > 1) response.end('ok');
      else stream.session?.destroy(new Error('calm'), NGHTTP2_ENHANCE_YOUR_CALM);
    });
    const { get } = transportTo(vendor);
    expect(await get()).toMatchObject({ kind: 'failed', code: 'HTTP2_ENHANCE_YOUR_CALM' });
    expect(textOf(await get())).toBe('ok');
  });

  test('that resets one request fails that one alone', async () => {
    const vendor = await tlsVendor((request, response) => {
      if (request.url.endsWith('/3')) response.stream.close(NGHTTP2_INTERNAL_ERROR);
      else setTimeout(() => response.end('ok'), 20);
    });
    const { get } = transportTo(vendor);
    const replies = await Promise.all(many(6).map((path) => get(path)));
    const failed = { kind: 'failed', code: 'HTTP2_INTERNAL_ERROR' };
    expect(replies.map(textOf)).toEqual(['ok', 'ok', 'ok', failed, 'ok', 'ok']);
    expect(vendor.connections()).toBe(1);
  });

  test('that refuses a request gets it again, three times at the most', async () => {
    let asked = 0;
    let refusals = 2;
    const vendor = await tlsVendor((_, response) => {
      asked += 1;
      if (refusals-- > 0) response.stream.close(NGHTTP2_REFUSED_STREAM);
      else response.end('ok');
    });
    const { get } = transportTo(vendor);
    expect(textOf(await get())).toBe('ok');
    expect(asked).toBe(3);
    refusals = Infinity;
    expect(await get()).toMatchObject({ kind: 'failed', code: 'HTTP2_REFUSED_STREAM' });
    expect(asked).toBe(7);
  });

  test('that breaks the connection off fails what was under way, and is connected to again', async () => {
    const vendor = await tlsVendor(({ url }, response) => {
      if (url.endsWith('/whole')) return void response.end('ok');
      if (url.endsWith('/body')) response.write('{"a":', () => setTimeout(vendor.breakOff, 50));
    });
    const { get } = transportTo(vendor);
    const replies = await Promise.all(['/none', '/body'].map((path) => get(path)));
    expect(replies.map(textOf)).toEqual([{ kind: 'failed', code: 'ECONNRESET' }, 'cut']);
    expect(textOf(await get('/whole'))).toBe('ok');
    expect(vendor.connections()).toBe(2);
  });

  test('that resets a connection while its answers are read has the later requests fail soon', async () => {
    const begun: Http2ServerResponse[] = [];
    const vendor = await tlsVendor(
      async (_, response) => {
        begun.push(response);
        if (begun.length < 3) return;
        way.holdAnswers();
        for (const answer of begun) {
          // Each in a write of its own: our answer to the first is what finds the connection reset.
          answer.end('ok');
          await once(answer.stream, 'close');
        }
        vendor.breakOff();
      },
      { settings: { maxConcurrentStreams: 3 } },
    );
    const way = await openTcpProxy({ port: vendor.port });
    const { get, close } = transportTo(
      { url: `https://127.0.0.1:${way.port}/v1` },
      { timeoutMs: 60_000 },
    );
    const twice = async () => [textOf(await get()), textOf(await get())];
    const replies = await Promise.all([twice(), twice(), twice()]);
    expect(replies).toEqual(replies.map(() => ['ok', { kind: 'failed', code: 'ECONNRESET' }]));
    close();
    await way.close();
  });

  test('that resets a connection as it is set up has the requests fail soon', async () => {
    const server = createTlsServer({ ...theCertificate(), ALPNProtocols: ['h2'] });
    server.on('connection', () => way.holdAnswers());
    // By then its part of the handshake is written.
    server.on('keylog', (_, socket) => setImmediate(() => socket.destroy()));
    const way = await openTcpProxy({ port: (await listen(server)).port });
    const { get, close } = transportTo(
      { url: `https://127.0.0.1:${way.port}/v1` },
      { timeoutMs: 60_000 },
    );
    expect(await get()).toMatchObject({ kind: 'failed', code: 'ECONNRESET' });
    close();
    await way.close();
  });

  test('that refused a connection is connected to again while the others have no room', async () => {
    const options = { ...theCertificate(), settings: { maxConcurrentStreams: 1 } };
    const server = createSecureServer(options, ({ url }, response) => {
      if (url.endsWith('/held')) held.push(response);
      else response.end('ok');
    });
    const held: Http2ServerResponse[] = [];
    const vendor = await listen(server);
    server.on('connection', (socket) => void (vendor.connections() === 2 && socket.destroy()));
    const { get } = transportTo(vendor, { timeoutMs: 60_000 });
    const first = get('/held');
    await eventually('it has no room', () => held.length === 1);
    expect(textOf(await get('/other'))).toBe('ok');
    expect(vendor.connections()).toBe(3);
    held[0]?.end('at last');
    expect(textOf(await first)).toBe('at last');
  });

  test.each([
    ['with CANCEL', NGHTTP2_CANCEL, {}],
    ['with an error', NGHTTP2_INTERNAL_ERROR, {}],
    ['before its length', NGHTTP2_NO_ERROR, { 'content-length': '100' }],
  ])('gives no whole answer if it resets a body %s', async (_, code, headers) => {
    const vendor = await tlsVendor((request, response) => {
      response.writeHead(200, headers);
      response.write('{}', () => setTimeout(() => request.stream.close(code), 20));
    });
    const reply = await transportTo(vendor).get();
    expect(reply).toMatchObject({ status: 200, body: undefined, fault: 'cut' });
  });

  test('is read up to one megabyte and no further; its connection stays in use', async () => {
    let sent = 0;
    const vendor = await tlsVendor((request, response) => {
      const path = request.url.slice('/v1/'.length);
      if (path !== 'endless') return response.end(Buffer.alloc(Number(path), 0x20));
      response.on('error', () => undefined);
      const chunk = Buffer.alloc(65_536, 0x20);
      const more = () => {
        if (response.stream.destroyed) return;
        sent += chunk.length;
        response.stream.write(chunk, more);
      };
      more();
    });
    const { get } = transportTo(vendor);
    const oversized = { status: 200, body: undefined, fault: 'oversized' };
    expect(await get('/1048576')).toMatchObject({ fault: undefined });
    expect(await get('/1048577')).toMatchObject(oversized);
    expect(await get('/endless')).toMatchObject(oversized);
    expect(await get('/1048576')).toMatchObject({ fault: undefined });
    expect(sent).toBeLessThan(50_000_000);
    expect(vendor.connections()).toBe(1);
  });

  test('may compress unasked: the unpacked size counts, and a cut body is none', async () => {
    const packed = gzipSync('whole');
    const bodies: Record<string, Buffer> = {
      '/v1/whole': packed,
      '/v1/bomb': gzipSync(Buffer.alloc(50_000_000, 0x20)),
      '/v1/cut': packed.subarray(0, packed.length - 12),
    };
    const vendor = await tlsVendor((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(bodies[request.url] ?? '');
    });
    const { get } = transportTo(vendor);
    const replies = await Promise.all(['/whole', '/bomb', '/cut'].map((path) => get(path)));
    expect(replies.map(textOf)).toEqual(['whole', 'oversized', 'cut']);
  });

  test('that does not answer runs into the one timeout, and its connection gets no more', async () => {
    const vendor = await tlsVendor(({ url, stream }, response) => {
      if (url.endsWith('/fast')) return response.end('ok');
      if (url.endsWith('/mute')) return;
      const timer = setInterval(() => response.write(' '), 20);
      stream.once('close', () => clearInterval(timer));
    });
    const { get } = transportTo(vendor, { timeoutMs: 300 });
    const from = performance.now();
    const replies = await Promise.all(['/mute', '/trickle', '/fast'].map((path) => get(path)));
    expect(replies.map(textOf)).toEqual([{ kind: 'timeout' }, { kind: 'timeout' }, 'ok']);
    expect(performance.now() - from).toBeLessThan(2_000);
    expect(textOf(await get('/fast'))).toBe('ok');
    expect(vendor.connections()).toBe(2);
    await eventually('the first is closed', () => vendor.sessions[0]?.destroyed);
  });

  test('that chooses HTTP/2 and says nothing runs into the timeout', async () => {
    const silent = createTlsServer({ ...theCertificate(), ALPNProtocols: ['h2'] }, (socket) => {
      socket.resume();
    });
    const vendor = await listen(silent);
    expect(await transportTo(vendor, { timeoutMs: 200 }).get()).toMatchObject({ kind: 'timeout' });
  });

  test('is connected to anew after the way to it fell silent', async () => {
    const vendor = await tlsVendor(echoPath);
    const way = await openTcpProxy({ port: vendor.port });
    const { get, close } = transportTo(
      { url: `https://127.0.0.1:${way.port}/v1` },
      { timeoutMs: 300 },
    );
    expect(textOf(await get('/1'))).toBe('/v1/1');
    way.mute();
    const silent = await Promise.all(['/2', '/3'].map((path) => get(path)));
    expect(silent.map(({ kind }) => kind)).toEqual(['timeout', 'timeout']);
    expect(textOf(await get('/4'))).toBe('/v1/4');
    expect(way.accepted).toBe(2);
    close();
    await way.close();
  });

  test('has one timeout, the time included in which it was asked for its protocol', async () => {
    const vendor = await tlsVendor(() => undefined, { speaks: 'http/1.1' });
    const way = await openTcpProxy({ port: vendor.port });
    // A handshake takes two seconds at least.
    way.setLatency(1_000);
    const { get, close } = transportTo(
      { url: `https://127.0.0.1:${way.port}/v1` },
      { timeoutMs: 2_500 },
    );
    const from = performance.now();
    expect(await get()).toMatchObject({ kind: 'timeout' });
    expect(performance.now() - from).toBeLessThan(4_300);
    close();
    await way.close();
  });

  test('gets every request through or has it fail once, whatever it does to connections', async () => {
    const misdeeds: readonly [every: number, (request: Http2ServerRequest) => void][] = [
      [97, () => vendor.breakOff()],
      [41, ({ stream }) => stream.session?.goaway(NGHTTP2_NO_ERROR, stream.id)],
      [29, ({ stream }) => stream.close(NGHTTP2_INTERNAL_ERROR)],
      [23, ({ stream }) => stream.close(NGHTTP2_REFUSED_STREAM)],
    ];
    let seen = 0;
    const vendor = await tlsVendor(
      (request, response) => {
        seen += 1;
        const misdeed = misdeeds.find(([every]) => seen % every === 0)?.[1];
        // Within this call, Node 20's HTTP/2 server damages its own memory at times, and dies.
        if (misdeed !== undefined) setImmediate(misdeed, request);
        setTimeout(() => void (request.stream.closed || response.end(request.url)), seen % 7);
      },
      { settings: { maxConcurrentStreams: 7 } },
    );
    const { get } = transportTo(vendor, { timeoutMs: 20_000 });
    const paths = many(1_000);
    const ends: string[] = [];
    const endOf = (path: string, reply: Reply) => {
      if (reply.kind === 'failed') return reply.code;
      if (reply.kind === 'reply' && reply.fault === 'cut') return 'cut';
      return textOf(reply) === `/v1${path}` ? 'answered' : JSON.stringify(reply);
    };
    const chain = async () => {
      for (let path = paths.pop(); path !== undefined; path = paths.pop())
        ends.push(endOf(path, await get(path)));
    };
    await Promise.all(Array.from({ length: 50 }, chain));
    expect(ends.length).toBe(1_000);
    expect(ends.filter((end) => end === 'answered').length).toBeGreaterThan(200);
    expect(
      ends.filter(
        (end) => !/^(answered|cut|ECONNRESET|HTTP2_(INTERNAL_ERROR|REFUSED_STREAM))$/.test(end),
      ),
    ).toEqual([]);
  });

  test('is told when a request is aborted; the others go on', async () => {
    let code: number | undefined;
    const vendor = await tlsVendor(({ stream, url }, response) => {
      if (url.endsWith('/other')) return setTimeout(() => response.end('ok'), 100);
      stream.once('close', () => {
        code = stream.rstCode;
      });
    });
    const { get } = transportTo(vendor);
    const other = get('/other');
    const leaving = new AbortController();
    const aborted = get('/aborted', leaving.signal);
    await eventually('both are under way', () => vendor.sessions.length === 1);
    setTimeout(() => leaving.abort(new Error('enough')), 50);
    await expect(aborted).rejects.toThrow('enough');
    await eventually('the vendor is told', () => code === NGHTTP2_CANCEL);
    expect(textOf(await other)).toBe('ok');
    expect(textOf(await get('/other'))).toBe('ok');
    expect(vendor.connections()).toBe(1);
  });

  test('is asked through a proxy in one tunnel', async () => {
    const vendor = await tlsVendor((request, response) => void response.end(request.httpVersion));
    const proxy = await openProxy({ knows: { 'vendor.example': vendor.port } });
    const proxies = { https: proxy.url, http: undefined, except: '' };
    const { get, close } = transportTo({ url: 'https://vendor.example/v1' }, { proxies });
    const replies = await Promise.all(many(20).map((path) => get(path)));
    expect(replies.map(textOf)).toEqual(many(20).map(() => '2.0'));
    expect(proxy.asked).toEqual(['CONNECT vendor.example:443']);
    close();
    await proxy.close();
  });
});
