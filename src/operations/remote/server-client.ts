import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { openRoutes, type Routes } from '../../proxy/open-routes.ts';
import type { Proxies } from '../../proxy/proxies.ts';
import { parseRetryAfter } from '../../timing/retry-after.ts';
import { type Asked, type Exchange, headersOf, readReply } from './exchange.ts';
import { receiveBytes, receiveText } from './receive-answer.ts';
import {
  describeAnswer,
  describeBreak,
  describeLoss,
  type ServerAnswer,
  ServerError,
} from './server-error.ts';

/** A running keysweep that is asked over HTTP. */
export interface AskedServer {
  /** Where `/api/v1` begins: without a slash at the end. */
  readonly url: URL;
  readonly token: string | undefined;
  readonly proxies: Proxies;
  /** Ends every question. */
  readonly signal: AbortSignal;
  /** How long it may be silent, in milliseconds; by default, a minute. */
  readonly silenceMs?: number;
  /** How long one question may wait because the server asks us to; by default, a minute. */
  readonly patienceMs?: number;
}

const usualMs = 60_000;

/** Asks a server. Throws `ServerError` for what is no answer of it. */
export function askThroughHttp(server: AskedServer): Exchange {
  const routes = openRoutes(server.proxies);
  return {
    async ask(asked) {
      const answer = await insistOn(server, async () =>
        toAnswer(server, await send(routes, server, asked)),
      );
      return readReply(answer.status, answer.text, (noSuccess) => {
        throw describeAnswer(server, asked, { ...answer, ...noSuccess });
      });
    },
    async fetchFile(asked) {
      const response = await send(routes, server, asked);
      const broken = (error: Error) => describeBreak(server, error);
      if (response.statusCode === 200) return receiveBytes(response, broken);
      const answer = await toAnswer(server, response);
      const absent = readReply(answer.status, answer.text, (noSuccess) => {
        throw describeAnswer(server, asked, { ...answer, ...noSuccess });
      });
      if (absent === undefined) return undefined;
      throw new ServerError(server.url, 'does not answer with a file: check the URL');
    },
    unreadable: () =>
      new ServerError(server.url, 'answers in another form: it runs another version of keysweep'),
  };
}

/** Asks again as late as the server says, while that is soon enough. */
async function insistOn(
  { signal, patienceMs = usualMs }: AskedServer,
  work: () => Promise<ServerAnswer>,
): Promise<ServerAnswer> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const answer = await work();
    const waitMs = waitOf(answer);
    if (waitMs === undefined || performance.now() + waitMs > until) return answer;
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return answer;
  }
}

const leastWaitMs = 100;
const longestWaitMs = 86_400_000;

function waitOf({ status, headers: { date, 'retry-after': after } }: ServerAnswer) {
  if (status !== 429 && status !== 503) return undefined;
  const ms = parseRetryAfter(after, { date, nowMs: Date.now() }, longestWaitMs);
  return ms === undefined ? undefined : Math.max(ms, leastWaitMs);
}

function send(routes: Routes, server: AskedServer, asked: Asked): Promise<IncomingMessage> {
  const { url, token, signal, silenceMs = usualMs } = server;
  const { method, path, body } = asked;
  const target = new URL(`${url.href.replace(/\/+$/, '')}${path}`);
  const headers = {
    ...headersOf(asked),
    accept: 'application/json',
    'user-agent': 'keysweep',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const lost = (error: Error) => reject(describeLoss(server, error));
    // Node follows no redirect, so the token goes to this host only.
    const request = routes.request(target, { method, headers, signal }, resolve);
    request.on('error', lost);
    request.setTimeout(silenceMs, () => {
      request.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function toAnswer(server: AskedServer, response: IncomingMessage): Promise<ServerAnswer> {
  const text = await receiveText(response, (error) => describeBreak(server, error));
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}
