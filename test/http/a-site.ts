import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { Hono } from 'hono';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type HttpConfig, hashToken } from '../../src/config/http/http-config.ts';
import { createApi } from '../../src/http/api/create-api.ts';
import { createListener } from '../../src/http/create-listener.ts';
import { createSite, type FindCaller } from '../../src/http/create-site.ts';
import { createTokenFinder } from '../../src/http/guard/find-token.ts';
import { createHoldOff } from '../../src/http/guard/hold-off.ts';
import { listen, type ServerLimits } from '../../src/http/listen.ts';
import type { Caller } from '../../src/operations/caller.ts';
import { mapOperations } from '../../src/operations/index.ts';
import { createPagedList } from '../../src/operations/paged-list.ts';
import { callerRoles } from '../../src/options/roles.ts';
import type { Denied } from '../../src/record/audit-log/count-denials.ts';

export interface SiteDifference {
  /** What every operation answers, or throws. */
  readonly result?: () => unknown;
  readonly http?: Partial<HttpConfig>;
  readonly limits?: ServerLimits;
  readonly now?: () => number;
  /** Asked after tokens. */
  readonly otherwise?: FindCaller;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** The token of a role. */
export const tokenOf = (role: string) => `token-of-${role}`;
export const as = (role: string) => ({ authorization: `Bearer ${tokenOf(role)}` });

/** A site that listens, with a token for each role, whose operations all answer the same. */
export async function openSite(difference: SiteDifference = {}) {
  const { result = () => [], http, limits, otherwise, now } = difference;
  const lines: string[] = [];
  const callers: Caller[] = [];
  const denied: Denied[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  const operations = mapOperations((operation) =>
    'items' in operation
      ? () => createPagedList(async () => ({ items: result() as readonly unknown[], next: null }))
      : async () => result(),
  );
  const operationsFor = () => (caller: Caller) => {
    callers.push(caller);
    return operations;
  };
  const tokens = callerRoles.map((role) => ({
    ...{ name: `the ${role}`, role },
    sha256: hashToken(tokenOf(role)),
  }));
  const site = createSite({
    http: { host: '127.0.0.1', hosts: [], publicUrl: undefined, trustedProxies: [], ...http },
    open: [new Hono().get('/healthz', (context) => context.text('well'))],
    routes: { '/api/v1': createApi({ operationsFor, log }) },
    findCaller: [
      createTokenFinder({
        tokens,
        holdOff: createHoldOff(now),
        noteDenied: (one) => denied.push(one),
      }),
      ...(otherwise === undefined ? [] : [otherwise]),
    ],
    log,
  });
  const at = { host: '127.0.0.1', port: 0 };
  const listening = await listen(createListener(site), at, limits);
  onTestFinished(() => listening.close());
  const { port } = listening;
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return { port, lines, callers, denied, ask: askAt(port, agent), send: sendTo(port) };
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks with any headers, also those that `fetch` forbids. A body is JSON, unless it says otherwise. */
function askAt(port: number, agent: Agent) {
  return (path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const all = { host: `127.0.0.1:${port}`, ...type, ...headers };
      const at = { host: '127.0.0.1', port, path, method, headers: all, agent };
      const asked = request(at, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        answer.on('error', reject);
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        });
      });
      asked.on('error', reject);
      asked.end(body);
    });
}

/** Sends bytes as they are, and returns all that comes until the server closes. */
function sendTo(port: number) {
  return (...pieces: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        for (const piece of pieces) socket.write(piece, 'latin1');
      });
      let text = '';
      socket.setEncoding('latin1').on('data', (piece: string) => {
        text += piece;
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });
}
