import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy that imitates the faults of networks. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections are open through it. */
  readonly connections: number;
  /** How many there have been. */
  readonly accepted: number;
  /** Delays every chunk by this many milliseconds, in both directions. */
  setLatency(ms: number): void;
  /** Drops all bytes in both directions and keeps the sockets open, as a dead route does. */
  freeze(): void;
  /** Forwards again; dropped bytes stay lost. */
  thaw(): void;
  /** Drops all bytes of the open connections for ever; new ones work, as after a failover. */
  mute(): void;
  /** The same for each connection, open or new, that sends this word from now on. */
  muteAt(word: string): void;
  /**
   * Holds what comes for the clients of the open connections. When a server ends one, its client
   * gets all of it at once, and a RST.
   */
  holdAnswers(): void;
  /** Ends every open connection with RST. New ones are accepted. */
  reset(): void;
  /** Ends every connection with RST, and each new one at once, until `accept`. */
  refuse(): void;
  accept(): void;
  /**
   * Forwards chunks until one connection has sent these words, one after the other; resets it when
   * the answer to the last comes: the server did what it was asked, and the client cannot know.
   */
  dropAnswerTo(...words: string[]): void;
  close(): Promise<void>;
}

interface Weather {
  accepted: number;
  latencyMs: number;
  frozen: boolean;
  refusing: boolean;
  mutedAt: string | undefined;
  /** The words that are left until an answer is dropped, and the connection that sends them. */
  dropped: { readonly words: string[]; by?: Pair } | undefined;
}

/** The two sockets of one connection. */
interface Pair {
  readonly sockets: readonly [Socket, Socket];
  muted: boolean;
  /** What has come for the client since `holdAnswers`. */
  held: Buffer[] | undefined;
}

/** Opens a proxy before `target` on a free port of this address. Close it after the test. */
export async function openTcpProxy(
  target: { host?: string; port: number },
  on = '127.0.0.1',
): Promise<TcpProxy> {
  const weather: Weather = {
    accepted: 0,
    latencyMs: 0,
    frozen: false,
    refusing: false,
    mutedAt: undefined,
    dropped: undefined,
  };
  const pairs = new Set<Pair>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    weather.accepted += 1;
    if (weather.refusing) {
      near.resetAndDestroy();
      return;
    }
    const { port, host = '127.0.0.1' } = target;
    join(near, connect({ port, host, allowHalfOpen: true }), weather, pairs);
  });
  await new Promise<void>((resolve) => server.listen(0, on, resolve));
  return controls(server, weather, pairs);
}

function controls(server: Server, weather: Weather, pairs: Set<Pair>): TcpProxy {
  const reset = () => {
    for (const { sockets } of pairs) for (const socket of sockets) socket.resetAndDestroy();
    pairs.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return pairs.size;
    },
    get accepted() {
      return weather.accepted;
    },
    setLatency: (ms) => {
      weather.latencyMs = ms;
    },
    freeze: () => {
      weather.frozen = true;
    },
    thaw: () => {
      weather.frozen = false;
    },
    mute: () => {
      for (const pair of pairs) pair.muted = true;
    },
    muteAt: (word) => {
      weather.mutedAt = word;
    },
    holdAnswers: () => {
      for (const pair of pairs) pair.held = [];
    },
    reset,
    refuse: () => {
      weather.refusing = true;
      reset();
    },
    accept: () => {
      weather.refusing = false;
    },
    dropAnswerTo: (...words) => {
      weather.dropped = { words };
    },
    close: async () => {
      reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(near: Socket, far: Socket, weather: Weather, pairs: Set<Pair>): void {
  const pair: Pair = { sockets: [near, far], muted: false, held: undefined };
  pairs.add(pair);
  near.on('data', (chunk) => {
    const { dropped, mutedAt } = weather;
    if (mutedAt !== undefined && chunk.includes(mutedAt)) pair.muted = true;
    if (dropped === undefined || (dropped.by ?? pair) !== pair) return;
    if (!chunk.includes(dropped.words[0] ?? '\0')) return;
    dropped.by = pair;
    dropped.words.shift();
  });
  far.on('data', (chunk) => {
    pair.held?.push(chunk);
    if (weather.dropped?.by !== pair || weather.dropped.words.length > 0) return;
    weather.dropped = undefined;
    for (const each of pair.sockets) each.resetAndDestroy();
  });
  far.on('end', () => {
    if (pair.held === undefined) return;
    near.write(Buffer.concat(pair.held));
    near.resetAndDestroy();
  });
  const silent = () => weather.frozen || pair.muted;
  forward(near, far, weather, silent);
  forward(far, near, weather, () => silent() || pair.held !== undefined);
  for (const socket of pair.sockets) {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      // A frozen route tells neither side that the other is gone.
      if (silent()) return;
      for (const each of pair.sockets) each.destroy();
      pairs.delete(pair);
    });
  }
}

function forward(from: Socket, to: Socket, weather: Weather, silent: () => boolean): void {
  // Each timer passes the oldest chunk: a change of latency cannot change the order of bytes.
  const held: (() => void)[] = [];
  const pass = (act: () => void) => {
    if (silent()) return;
    held.push(act);
    if (weather.latencyMs === 0 && held.length === 1) held.shift()?.();
    else setTimeout(() => held.shift()?.(), weather.latencyMs);
  };
  from.on('data', (chunk) => pass(() => !to.destroyed && to.write(chunk)));
  from.on('end', () => pass(() => to.end()));
}
