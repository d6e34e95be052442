import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { inTime } from '../timing/in-time.ts';
import { problemType, renderProblem } from './problems/problem.ts';
import { watchAnswers } from './watch-answers.ts';

export interface Listening {
  /** The actual port, even if port 0 was requested. */
  readonly port: number;
  /** Answers under way get a second to end. */
  close(): Promise<void>;
}

/**
 * The time to receive a request, the most connections, and the like. How long an answer takes is
 * not limited: reports and events may take long.
 */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1_024,
  keepAlive: true,
};
const mostConnections = 1_000;
const mostPerAddress = 250;
const endMs = 1_000;

export type ServerLimits = Partial<typeof limits>;

/** Listens on TCP. Rejects with the system's error if the address is not available. */
export function listen(
  handler: RequestListener,
  { host, port }: { readonly host: string; readonly port: number },
  other: ServerLimits = {},
): Promise<Listening> {
  const server = createServer({ ...limits, ...other }, handler);
  server.maxConnections = mostConnections;
  server.on('clientError', answerUnread);
  limitPerAddress(server);
  const answers = watchAnswers(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const { port: actual } = server.address() as AddressInfo;
      resolve({ port: actual, close: () => close(server, answers.ended) });
    });
  });
}

async function close(server: Server, ended: () => Promise<void>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await inTime(ended(), endMs).catch(() => undefined);
  server.closeAllConnections();
  await closed;
}

const unread: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'the headers are over 16 kB'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not arrive in time'],
};

/** A request that could not be read is answered here, before any route sees it. */
function answerUnread({ code = '' }: NodeJS.ErrnoException, socket: Answering): void {
  if (code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent) {
    socket.destroy();
    return;
  }
  const [status, detail] = unread[code] ?? [400, 'this is no HTTP request'];
  const body = renderProblem({ status, detail });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

/** The answer that has begun on a socket; Node's own handler looks at it too. */
type Answering = Socket & { readonly _httpMessage?: { readonly headersSent: boolean } };

/** Destroys the connections of an address that has too many. */
function limitPerAddress(server: Server): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const count = (open.get(remoteAddress) ?? 0) + 1;
    open.set(remoteAddress, count);
    if (count > mostPerAddress) socket.destroy();
    socket.once('close', () => {
      const left = (open.get(remoteAddress) ?? 1) - 1;
      if (left === 0) open.delete(remoteAddress);
      else open.set(remoteAddress, left);
    });
  });
}
