import type { ClientHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';

/** How often a connection is checked. A PING has this long to leave. */
const checkMs = 2_000;

interface Watch {
  readonly session: ClientHttp2Session;
  readonly socket: TLSSocket;
  /** Whether the server has something to say. */
  readonly isAwaited: () => boolean;
  /** Nothing leaves the connection any more. */
  readonly stuck: () => void;
}

/**
 * Finds a connection that has ended without Node's saying so. Node (seen with 20 and 24) stops
 * reading if it writes twice to a connection that was reset before it has read all answers: what it
 * writes later never leaves, and it never reads that the connection has ended.
 */
export function watchConnection({ session, socket, isAwaited, stuck }: Watch): void {
  let heard = 0;
  let written: number | undefined;
  const check = () => {
    const { bytesRead, bytesWritten } = socket;
    const isSilent = isAwaited() && bytesRead === heard;
    heard = bytesRead;
    if (!isSilent || session.destroyed) {
      written = undefined;
    } else if (written === undefined) {
      written = bytesWritten;
      session.ping(() => undefined);
    } else if (bytesWritten === written) {
      stuck();
    }
  };
  const timer = setInterval(check, checkMs).unref();
  session.once('close', () => clearInterval(timer));
}
