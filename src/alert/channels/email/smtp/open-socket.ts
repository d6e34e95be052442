import { connect, type Socket } from 'node:net';
import { addressRefused, guardedLookup, isPrivateHost, type Resolve } from '../../../outbound.ts';
import type { SmtpServer } from './read-smtp-url.ts';

export interface SocketTerms {
  readonly allowPrivateNetworks: boolean;
  /** The system's resolver unless given. Asked only where private networks are not allowed. */
  readonly resolve: Resolve | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Connects to a mail server. nodemailer would resolve the name by itself and keep the answer: here
 * the address that is checked is the one connected to. Rejects with an error that has a code.
 */
export async function openSocket(
  { host, port }: Pick<SmtpServer, 'host' | 'port'>,
  { allowPrivateNetworks, resolve: using, timeoutMs, signal }: SocketTerms,
): Promise<Socket> {
  signal.throwIfAborted();
  const bracketed = host.includes(':') ? `[${host}]` : host;
  if (!allowPrivateNetworks && isPrivateHost(new URL(`http://${bracketed}`))) {
    throw coded(addressRefused);
  }
  const guard = allowPrivateNetworks ? {} : { lookup: guardedLookup(using) as never };
  const socket = connect({ host, port, ...guard });
  // Stays registered: an error after the end needs a listener, but changes nothing.
  socket.on('error', () => undefined);
  const give = (code: string) => () => socket.destroy(coded(code));
  const timer = setTimeout(give('ETIMEDOUT'), timeoutMs);
  const abort = give('ABORTED');
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await connected(socket);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function coded(code: string): Error {
  return Object.assign(new Error('no connection'), { code });
}
