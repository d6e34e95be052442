import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openFetch } from '../../../src/http/oidc/open-fetch.ts';
import { readProxies } from '../../../src/proxy/read-proxies.ts';
import { openProxy } from '../../support/proxy-server.ts';

async function serverThat(answers: RequestListener): Promise<number> {
  const server = createServer(answers);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test('a provider is asked through the proxy of the environment', async () => {
  const port = await serverThat((request, response) => {
    request.setEncoding('utf8').on('data', (body) => response.write(`${request.method} ${body}`));
    request.on('end', () => response.end());
  });
  const proxy = await openProxy({ knows: { 'login.example': port } });
  onTestFinished(() => proxy.close());
  const { proxies } = readProxies({ HTTP_PROXY: proxy.url });
  const body = new URLSearchParams({ code: 'a b' });
  const answer = await openFetch(proxies)('http://login.example/token', { method: 'POST', body });
  expect(await answer.text()).toBe('POST code=a+b');
  expect(proxy.asked).toEqual(['POST http://login.example/token']);
});

test('a redirect is not followed', async () => {
  const port = await serverThat((_request, response) => {
    response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
  });
  expect((await openFetch(undefined)(`http://127.0.0.1:${port}/`)).status).toBe(302);
});

test('an answer of 1 MB is read, a longer one is not', async () => {
  const port = await serverThat(({ url }, response) => {
    response.end('a'.repeat(Number(url?.slice(1))));
  });
  const ask = openFetch(undefined);
  const most = await ask(`http://127.0.0.1:${port}/1048576`);
  expect((await most.text()).length).toBe(1_048_576);
  await expect(ask(`http://127.0.0.1:${port}/1048577`)).rejects.toThrow('over 1 MB');
});
