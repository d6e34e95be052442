import { constants } from 'node:http2';
import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { tokenBody } from '../../../src/sandbox/bodies.ts';
import { canMakeCertificates } from '../../support/certificates.ts';
import {
  listen,
  type Respond,
  theCertificate,
  tlsVendor,
  withCertificates,
} from '../http/tls-vendor.ts';
import { context, fleetKey, sourceFor } from './source-for.ts';

const token = 'canary-token-5f1d';
const credentials = { appKey: 'canary-key-77aa', appSecret: 'canary-secret-91be' };

/** A vendor whose token endpoint works, and whose keys are answered by `respond`. */
const vendor = (respond: Respond, speaks: 'h2' | 'http/1.1' = 'h2') =>
  tlsVendor(
    (request, response) => {
      if (!request.url.endsWith('/oauth2/token')) return respond(request, response);
      request.resume();
      response.end(JSON.stringify(tokenBody(token, Date.now() + 600_000)));
    },
    { speaks },
  );

const keyJson = JSON.stringify({ status: 'SUCCESS', success: true, ...fleetKey(), errors: [] });

const sourceOf = (url: string, timeoutMs = 3_000) =>
  sourceFor(url, { credentials, config: { timeoutMs, concurrency: 50 } });
const observe = (url: string, timeoutMs?: number) =>
  sourceOf(url, timeoutMs).observe('key_abc123', context());

describe.skipIf(!canMakeCertificates())('a vendor with TLS', () => {
  withCertificates();

  test.each(['h2', 'http/1.1'] as const)('answers for keys over %s', async (speaks) => {
    const versions = new Set<string>();
    const { url } = await vendor(({ httpVersion }, response) => {
      versions.add(httpVersion);
      response.end(keyJson);
    }, speaks);
    const source = sourceOf(url);
    const asked = Array.from({ length: 100 }, () => source.observe('key_abc123', context()));
    const kinds = (await Promise.all(asked)).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['observed']));
    expect([...versions]).toEqual([speaks === 'h2' ? '2.0' : '1.1']);
  });

  test('is asked over HTTP/1.1 if its source says so', async () => {
    const versions = new Set<string>();
    const { url } = await tlsVendor(
      ({ httpVersion, url: path }, response) => {
        versions.add(httpVersion);
        const issued = JSON.stringify(tokenBody(token, Date.now() + 600_000));
        response.end(path.endsWith('/oauth2/token') ? issued : keyJson);
      },
      { allowHTTP1: true },
    );
    const source = sourceFor(url, { credentials, config: { http2: false } });
    const answer = await source.observe('key_abc123', context());
    expect(answer).toMatchObject({ kind: 'observed', observation: { kind: 'present' } });
    expect([...versions]).toEqual(['1.1']);
  });

  test('keeps its connection from one sweep to the next', async () => {
    const { url, connections } = await vendor((_, response) => void response.end(keyJson));
    const source = sourceOf(url);
    for (const sweep of ['one', 'two']) {
      const { signal } = new AbortController();
      await source.observe('key_abc123', context({ sweep, signal }));
    }
    expect(connections()).toBe(1);
  });

  test('is followed to no other address', async () => {
    let elsewhere = 0;
    const other = await vendor((_, response) => {
      elsewhere += 1;
      response.end(keyJson);
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const { url } = await vendor((_, response) => {
        response.writeHead(status, { location: `${other.url}/api-keys/key_abc123` }).end();
      });
      expect(await observe(url)).toMatchObject({
        observation: { reason: 'vendor-error', detail: `HTTP ${status}` },
      });
    }
    expect(elsewhere).toBe(0);
  });

  test('that answers a request for HTTP/2 with anything else gives an invalid response', async () => {
    const certificate = theCertificate();
    const server = createTlsServer({ ...certificate, ALPNProtocols: ['h2'] }, (socket) => {
      socket.resume().end('SSH-2.0-OpenSSH_9.2\r\n'.repeat(10));
    });
    const answer = await observe((await listen(server)).url);
    expect(answer).toMatchObject({ reason: 'invalid-response', counts: true });
  });

  test('tells no secret in any answer or error, whatever it does', async () => {
    const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_INTERNAL_ERROR } = constants;
    const echo = (request: { headers: object; url: string }) =>
      `${JSON.stringify(request.headers)} ${request.url}`;
    const responses: readonly Respond[] = [
      (request, response) => void response.writeHead(500).end(echo(request)),
      (request, response) => void response.end(JSON.stringify({ id: echo(request) })),
      (request, response) => void response.end(echo(request)),
      (request) => request.stream.close(NGHTTP2_INTERNAL_ERROR),
      (request) => {
        const said = Buffer.from(echo(request));
        request.stream.session?.goaway(NGHTTP2_ENHANCE_YOUR_CALM, 0, said);
      },
      (request) => request.stream.session?.destroy(),
      () => undefined,
    ];
    for (const respond of responses) {
      const answer = await observe((await vendor(respond)).url, 300);
      const text = [JSON.stringify(answer), inspect(answer, { depth: 20, showHidden: true })];
      for (const canary of [token, ...Object.values(credentials)])
        expect(text.join('\n')).not.toContain(canary);
    }
  });

  test('leaves nothing open when the source is closed, and blames no vendor', async () => {
    const { url } = await vendor(() => undefined);
    const source = sourceOf(url);
    const asked = Array.from({ length: 20 }, () => source.observe('key_abc123', context()));
    const ends = Promise.allSettled(asked);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await source.close();
    for (const end of await ends) {
      expect(end).toMatchObject({ status: 'rejected', reason: { name: 'SourceClosed' } });
    }
  });

  describe('whose certificate is checked', () => {
    // The one setting that `withCertificates` makes is taken back.
    beforeEach(() => void delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']);
    afterEach(() => {
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    });

    const detailOf = async (url: string) => {
      const answer = await observe(url);
      return answer.kind === 'unanswered' ? `${answer.reason}: ${answer.detail}` : answer;
    };

    test.each(['h2', 'http/1.1'] as const)('is not trusted by itself, over %s', async (speaks) => {
      let asked = 0;
      const respond = () => {
        asked += 1;
      };
      const { url } = await vendor(respond, speaks);
      expect(await detailOf(url)).toMatch(
        /^unreachable: token endpoint: the vendor has a certificate of an authority that is not known here \(UNABLE_TO_\w+\); set NODE_EXTRA_CA_CERTS/,
      );
      expect(asked).toBe(0);
    });

    test('cannot set up TLS where there is none', async () => {
      const server = createTcpServer((socket) => socket.resume().end('HTTP/1.1 400 Bad\r\n\r\n'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const { port } = server.address() as { port: number };
      expect(await detailOf(`https://127.0.0.1:${port}/v1`)).toMatch(
        /the vendor cannot set up TLS \((EPROTO|ERR_SSL_\w+)\); check that the server speaks TLS/,
      );
    });
  });
});
