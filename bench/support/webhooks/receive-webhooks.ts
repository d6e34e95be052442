import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  readonly ids: Set<string>;
  /** Called after each answer. */
  look: () => void;
}

/** Asks for an answer when this many different messages have arrived at a path. */
export interface AwaitMessages {
  readonly path: string;
  readonly count: number;
}

/** A receiver that answers at once and counts the different messages of each path. */
export async function receiveWebhooks() {
  const byPath = new Map<string, Received>();
  const receivedAt = (path: string): Received => {
    const known = byPath.get(path) ?? { ids: new Set(), look: () => undefined };
    byPath.set(path, known);
    return known;
  };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(204).end();
      const received = receivedAt(request.url ?? '');
      received.ids.add(String(request.headers['webhook-id']));
      response.once('close', () => received.look());
    });
  });
  process.on('message', ({ path, count }: AwaitMessages) => {
    const received = receivedAt(path);
    received.look = () => {
      if (received.ids.size < count) return;
      received.look = () => undefined;
      process.send?.({ path });
    };
    received.look();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
