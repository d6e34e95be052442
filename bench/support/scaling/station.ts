/** Something that does one piece of work after another on each of its servers: first come, first served. */
export interface Station {
  readonly name: string;
  /** Does work of this length that arrives at `at`. Calls are in the order of their arrival. */
  serve(at: number, workMs: number): Served;
  busyMs(): number;
  /** The share of its servers' time that was work, in a span of this length. */
  useOver(ms: number): number;
}

interface Served {
  readonly start: number;
  readonly end: number;
}

/**
 * `host`: the processors that this station shares with others, if they are fewer than what it could
 * use alone.
 */
export function createStation(name: string, servers: number, host?: Station): Station {
  const freeAt = new Array<number>(servers).fill(0);
  let busyMs = 0;
  const earliest = () => {
    let best = 0;
    for (let at = 1; at < servers; at += 1) {
      if ((freeAt[at] ?? 0) < (freeAt[best] ?? 0)) best = at;
    }
    return best;
  };
  return {
    name,
    serve(at, workMs) {
      const server = earliest();
      const own = Math.max(at, freeAt[server] ?? 0);
      const start = host === undefined ? own : host.serve(own, workMs).start;
      const end = start + workMs;
      freeAt[server] = end;
      busyMs += workMs;
      return { start, end };
    },
    busyMs: () => busyMs,
    useOver: (ms) => busyMs / (servers * ms),
  };
}
