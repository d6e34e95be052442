import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The least that a vendor can be: `node:http` with one answer for everything. */
export async function serveBare() {
  const body = Buffer.from(JSON.stringify({ status: 'SUCCESS', pad: 'x'.repeat(200) }));
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}
