import { type ClientHttp2Stream, connect, constants, type OutgoingHttpHeaders } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { ConnectionLost } from './connection-lost.ts';
import { watchConnection } from './watch-connection.ts';

/**
 * What the server may send before we have read it, for one answer and for all. Node's 64 kB for all
 * would hold up hundreds of answers at a time for a round trip.
 */
const windowOfAnswerBytes = 1_114_112;
const windowBytes = 16_777_216;
/** In megabytes. Node's 10 are made for fewer requests at a time. */
const mostMemoryMb = 64;

/** A connection that speaks HTTP/2. */
export interface Session {
  /** How many requests the server permits at a time; 0 until it has said so. */
  most(): number;
  hasRoom(): boolean;
  /** Begins a request, which counts until `release`. Throws if the connection has just ended. */
  request(headers: OutgoingHttpHeaders): ClientHttp2Stream;
  release(): void;
  /** Takes no more requests, and closes after those under way. */
  retire(): void;
  isOver(): boolean;
  close(): void;
}

interface Events {
  /** There may be room: the server said how many requests it permits, or one has ended. */
  readonly room: () => void;
  /** No more requests are taken. Called once. */
  readonly over: (error: Error | undefined) => void;
}

/** Begins HTTP/2 on a connection that the server has chosen it for. */
export function openSession(origin: string, socket: TLSSocket, { room, over }: Events): Session {
  const session = connect(origin, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: windowOfAnswerBytes },
    maxSessionMemory: mostMemoryMb,
  });
  let [most, open, isOver] = [0, 0, false];
  const close = () => {
    // Without an error, Node would end the answers under way as if they were whole.
    session.destroy(new ConnectionLost('the connection was closed'), constants.NGHTTP2_CANCEL);
    // Node waits until all that is written has left, which a dead connection never does.
    socket.destroy();
  };
  const end = (error?: Error) => {
    if (isOver) return;
    isOver = true;
    over(error);
  };
  // Node ends the requests of a lost connection before it says that the connection has ended.
  const hasEnded = () => isOver || session.closed || session.destroyed;
  session.once('connect', () => {
    if (!session.destroyed) session.setLocalWindowSize(windowBytes);
  });
  const retire = () => {
    end();
    if (open === 0) close();
  };
  session.on('remoteSettings', ({ maxConcurrentStreams = Infinity }) => {
    const before = most;
    most = maxConcurrentStreams;
    // Others are opened in its place. If it stayed, there would be more and more of them.
    if (most === 0 && before > 0) retire();
    else room();
  });
  const stuck = () => {
    end();
    close();
  };
  watchConnection({ session, socket, isAwaited: () => open > 0 || most === 0, stuck });
  session.on('error', end);
  session.once('goaway', () => end());
  session.once('close', () => end());
  session.unref();

  return {
    most: () => most,
    hasRoom: () => !hasEnded() && open < most,
    request(headers) {
      const stream = session.request(headers);
      if (open === 0) session.ref();
      open += 1;
      return stream;
    },
    release() {
      open -= 1;
      if (open === 0) session.unref();
      if (open === 0 && isOver) close();
      room();
    },
    retire,
    isOver: hasEnded,
    close,
  };
}
