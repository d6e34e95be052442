import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { nameFailure } from './connect-through.ts';
import type { ProxyServer } from './proxies.ts';
import { ProxyFailure } from './proxy-failure.ts';

/** Connects to the proxy itself. Whatever fails, or ends by `signal`, is a `ProxyFailure`. */
export function connectToProxy(
  { name, host, port, isSecure }: ProxyServer,
  signal: AbortSignal,
  done: (failure: ProxyFailure | null, socket?: Socket) => void,
): void {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = isSecure ? connectTls({ host, port, ...servername }) : connectPlain(port, host);
  const giveUp = () => void socket.destroy(new ProxyFailure(name, 'ETIMEDOUT'));
  const failed = (error: Error) => {
    signal.removeEventListener('abort', giveUp);
    done(nameFailure(name, error));
  };
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  socket.once('error', failed);
  socket.once(isSecure ? 'secureConnect' : 'connect', () => {
    signal.removeEventListener('abort', giveUp);
    socket.off('error', failed);
    done(null, socket);
  });
}
