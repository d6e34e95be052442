import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { connectThrough } from '../../../proxy/connect-through.ts';
import type { ProxyServer } from '../../../proxy/proxies.ts';
import { hostPort } from '../../../text/host-port.ts';
import { ConnectionLost } from './connection-lost.ts';

/** As Node's agents do it, so that a dead connection without traffic is found. */
const keepAliveAfterMs = 1_000;

/**
 * Sets up TLS with the server of a URL, directly or in a tunnel of the proxy. The server chooses the
 * protocol (ALPN); one that does not know ALPN speaks HTTP/1.1. Rejects with an error that has a
 * code, a `ProxyFailure`, or the reason of `signal`.
 */
export async function connectTls(
  url: URL,
  proxy: ProxyServer | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port) || 443;
  const tunnel = proxy && (await openTunnel(proxy, hostPort(host, port), signal));
  const socket = connect({
    host,
    port,
    ALPNProtocols: ['h2', 'http/1.1'],
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(tunnel === undefined ? {} : { socket: tunnel }),
  });
  return untilSecure(socket, signal);
}

function openTunnel(proxy: ProxyServer, target: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    connectThrough(proxy, target, signal, (failure, socket) => {
      if (socket === undefined) reject(failure);
      else resolve(socket);
    });
  });
}

function untilSecure(socket: TLSSocket, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const giveUp = () => void socket.destroy(signal.reason);
    const ended = (error: Error) => {
      signal.removeEventListener('abort', giveUp);
      reject(error);
    };
    socket.once('error', ended);
    socket.once('close', () => ended(new ConnectionLost('the connection ended')));
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', giveUp);
      socket.off('error', ended).setKeepAlive(true, keepAliveAfterMs);
      resolve(socket);
    });
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
  });
}
