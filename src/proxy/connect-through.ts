import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { ProxyServer } from './proxies.ts';
import { ProxyFailure } from './proxy-failure.ts';

/** Called once. */
type Connected = (failure: ProxyFailure | null, socket?: Socket) => void;

/**
 * Asks a proxy for a connection to `target` (`host:port`, an IPv6 address in brackets). Whatever
 * fails before there is one is a `ProxyFailure`; so is the end of waiting by `signal`.
 */
export function connectThrough(
  proxy: ProxyServer,
  target: string,
  signal: AbortSignal,
  done: Connected,
): void {
  const { name, host, port, isSecure, authorization } = proxy;
  const login = authorization === undefined ? {} : { 'proxy-authorization': authorization };
  const request = (isSecure ? https : http).request({
    host,
    port,
    method: 'CONNECT',
    path: target,
    headers: { host: target, 'user-agent': 'keysweep', ...login },
    setHost: false,
    agent: false,
  });
  const settle: Connected = (failure, socket) => {
    signal.removeEventListener('abort', giveUp);
    if (!isSettled) done(failure, socket);
    isSettled = true;
  };
  let isSettled = false;
  const giveUp = () => void request.destroy(new ProxyFailure(name, 'ETIMEDOUT'));
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  request.once('connect', ({ statusCode = 0 }: IncomingMessage, socket: Socket) => {
    if (statusCode >= 200 && statusCode < 300) return settle(null, socket);
    socket.destroy();
    settle(new ProxyFailure(name, statusCode));
  });
  // Stays registered: an error after the end needs a listener, but changes nothing.
  request.on('error', (error) => settle(nameFailure(name, error)));
  request.end();
}

/** Only what looks like a code is passed on: a message may hold a URL. */
export function nameFailure(proxy: string, error: Error): ProxyFailure {
  if (error instanceof ProxyFailure) return error;
  const { code } = error as { code?: unknown };
  const plain = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code);
  return new ProxyFailure(proxy, plain ? code : 'UNKNOWN');
}
