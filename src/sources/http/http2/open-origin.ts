import type { TLSSocket } from 'node:tls';
import { ConnectionLost } from './connection-lost.ts';
import { openConnection } from './open-connection.ts';
import type { Session } from './open-session.ts';

/** After this time a server is asked again whether it speaks HTTP/2: it may have been replaced. */
const askAgainMs = 3_600_000;
/** How long no further connection is tried after one failed, while others work. */
const restMs = 1_000;

/** What a request gets that asked for a connection. */
type Given = Session | 'http/1.1' | Error;
export type Taken = (given: Given) => void;

/** The connections to one server. */
export interface Origin {
  /** It is known to speak HTTP/1.1. */
  isPlain(): boolean;
  /** Calls `taken` once, now or later. */
  take(taken: Taken): void;
  /** Ends the wait of `taken`. */
  leave(taken: Taken): void;
  close(): void;
}

interface OriginParts {
  readonly name: string;
  /** Is to give up by the signal. */
  readonly connect: (signal: AbortSignal) => Promise<TLSSocket>;
  /** How long it may take until a connection takes requests. */
  readonly connectMs: number;
}

/**
 * Opens one connection, and more only while the server permits fewer requests at a time than there
 * are: as many at once as the waiting requests need.
 */
export function openOrigin({ name, connect, connectMs }: OriginParts): Origin {
  const sessions = new Set<Session>();
  const waiting = new Set<Taken>();
  const attempts = new Set<AbortController>();
  let [mostEach, plainUntil, isClosed] = [Number.MAX_SAFE_INTEGER, 0, false];

  const serve = () => {
    handOut(sessions, waiting);
    if (isClosed || (sessions.size > 0 && rest.isOn())) return;
    while (waiting.size > attempts.size * mostEach) void attempt();
  };
  const rest = createRest(serve);
  const over = (session: Session) => {
    sessions.delete(session);
    serve();
  };
  const accept = (opened: Session | 'http/1.1') => {
    if (opened === 'http/1.1') {
      plainUntil = performance.now() + askAgainMs;
      for (const session of sessions) session.retire();
      return giveAll(waiting, opened);
    }
    mostEach = Math.max(1, opened.most());
    if (isClosed) opened.close();
    else if (!opened.isOver()) sessions.add(opened);
  };
  const fail = (error: Error) => {
    // The connections that there are will have room.
    if (sessions.size > 0) rest.begin();
    else giveAll(waiting, error);
  };
  const attempt = async () => {
    const ending = new AbortController();
    attempts.add(ending);
    const timer = setTimeout(() => ending.abort(), connectMs);
    const opening = openConnection(name, { connect, signal: ending.signal, room: serve, over });
    // Those that still wait after the time asked later than others: they get another attempt.
    const opened = await opening.catch((error) => (ending.signal.aborted ? undefined : error));
    clearTimeout(timer);
    attempts.delete(ending);
    if (opened instanceof Error) fail(opened);
    else if (opened !== undefined) accept(opened);
    serve();
  };

  const isPlain = () => performance.now() < plainUntil;

  return {
    isPlain,

    take(taken) {
      if (isClosed) return taken(closed());
      if (isPlain()) return taken('http/1.1');
      waiting.add(taken);
      serve();
    },

    leave: (taken) => void waiting.delete(taken),

    close() {
      isClosed = true;
      for (const ending of attempts) ending.abort();
      for (const session of sessions) session.close();
      giveAll(waiting, closed());
    },
  };
}

/** Calls `after` at its end: those that wait may have nobody else to wake them. */
function createRest(after: () => void) {
  let isOn = false;
  const end = () => {
    isOn = false;
    after();
  };
  return {
    isOn: () => isOn,
    begin() {
      if (!isOn) setTimeout(end, restMs).unref();
      isOn = true;
    },
  };
}

const closed = () => new ConnectionLost('the source is closed');

function giveAll(waiting: Set<Taken>, given: Given): void {
  const all = [...waiting];
  waiting.clear();
  for (const taken of all) taken(given);
}

function handOut(sessions: Iterable<Session>, waiting: Set<Taken>): void {
  for (const taken of waiting) {
    const session = findRoom(sessions);
    if (session === undefined) return;
    waiting.delete(taken);
    taken(session);
  }
}

function findRoom(sessions: Iterable<Session>): Session | undefined {
  for (const session of sessions) if (session.hasRoom()) return session;
  return undefined;
}
