import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A forward proxy as companies have them: it tunnels with CONNECT and forwards plain requests. */
export interface ProxyProgram {
  readonly url: string;
  readonly port: number;
  /** `CONNECT host:port` and `GET http://…`, in order. */
  readonly asked: string[];
  /** The headers of each, in the same order. */
  readonly headers: IncomingMessage['headers'][];
  /** How many connections there are, from clients and onward. */
  readonly open: () => number;
  close(): Promise<void>;
}

interface ProxyRules {
  /** `user:password` that it wants. */
  readonly login?: string;
  /** Answers every request with this status instead of what was asked for. */
  readonly refuses?: number;
  /** Takes connections and requests, and never answers. */
  readonly isMute?: boolean;
  /** Where it leads names that only it knows: `vendor.example` to a port of this machine. */
  readonly knows?: Readonly<Record<string, number>>;
}

export async function openProxy(rules: ProxyRules = {}): Promise<ProxyProgram> {
  const asked: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const sockets = new Set<Socket>();
  const hear = (incoming: IncomingMessage): number | undefined => {
    asked.push(`${incoming.method} ${incoming.url}`);
    headers.push(incoming.headers);
    const given = incoming.headers['proxy-authorization'];
    const wanted = rules.login && `Basic ${Buffer.from(rules.login).toString('base64')}`;
    return wanted !== undefined && given !== wanted ? 407 : rules.refuses;
  };
  const leadTo = (host: string, port: number) => {
    const known = rules.knows?.[host];
    return known === undefined ? { host, port } : { host: '127.0.0.1', port: known };
  };

  const server = createServer((incoming, response) => {
    const refused = hear(incoming);
    if (rules.isMute === true) return;
    if (refused === undefined) forward(incoming, response, leadTo);
    else response.writeHead(refused).end('refused by the proxy');
  });
  const keep = (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('close', () => sockets.delete(socket));
  };
  server.on('connection', keep);
  server.on('connect', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const refused = hear(incoming);
    if (rules.isMute === true) return void socket.resume().on('end', () => socket.end());
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${incoming.url}`);
    const target = leadTo(hostname.replace(/^\[(.*)\]$/, '$1'), Number(port) || 80);
    const onward = connect(target, () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    keep(onward);
    onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    headers,
    open: () => sockets.size,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  leadTo: (host: string, port: number) => { host: string; port: number },
): void {
  const { hostname, port, pathname, search } = new URL(incoming.url ?? '');
  const { method, headers } = incoming;
  const target = { ...leadTo(hostname, Number(port) || 80), path: pathname + search };
  const onward = request({ ...target, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.writeHead(502).end());
  incoming.pipe(onward);
}
