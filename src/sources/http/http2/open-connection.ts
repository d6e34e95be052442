import type { TLSSocket } from 'node:tls';
import { ConnectionLost } from './connection-lost.ts';
import { openSession, type Session } from './open-session.ts';

interface Ending {
  /** Is to give up by the signal. */
  readonly connect: (signal: AbortSignal) => Promise<TLSSocket>;
  readonly signal: AbortSignal;
  /** As for a session; both are called for a session that was opened only. */
  readonly room: () => void;
  readonly over: (session: Session) => void;
}

/**
 * Connects, and resolves when the server takes requests over HTTP/2, or has chosen HTTP/1.1. It says
 * first how many requests it takes; until then nothing is sent.
 */
export async function openConnection(
  origin: string,
  { connect, signal, room, over }: Ending,
): Promise<Session | 'http/1.1'> {
  const socket = await connect(signal);
  if (socket.alpnProtocol !== 'h2') {
    socket.on('error', () => undefined).destroySoon();
    return 'http/1.1';
  }
  return new Promise((resolve, reject) => {
    const session = openSession(origin, socket, {
      room() {
        if (session.most() > 0) resolve(session);
        room();
      },
      over(error) {
        reject(error ?? new ConnectionLost('the connection ended'));
        over(session);
      },
    });
    const giveUp = () => session.retire();
    // After the promise is settled, the signal is aborted no more.
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
  });
}
