import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Journal, Served } from './vendor-options.ts';

export interface JournalKeeper {
  served(request: Served): void;
  halved(): void;
  /** What was kept, and begins anew. */
  take(): Journal;
}

/** Node says when a request's headers were read, before any code of the sandbox runs. */
export function keepJournal(keyArrived: () => void = () => undefined): JournalKeeper {
  let kept = empty();
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    kept.arrivedMs.push(performance.now());
    if (request.url?.includes('/api-keys/') === true) keyArrived();
  });
  subscribe('http.server.response.finish', (message) => {
    const { response } = message as { response: ServerResponse };
    const now = performance.now();
    kept.answeredMs.push(now);
    if (response.statusCode === 429) kept.refusedMs.push(now);
  });
  return {
    served: (request) => kept.served.push(request),
    halved() {
      kept.halvedMs = performance.now();
    },
    take() {
      const taken = kept;
      kept = empty();
      return taken;
    },
  };
}

interface Kept extends Journal {
  readonly arrivedMs: number[];
  readonly answeredMs: number[];
  readonly refusedMs: number[];
  readonly served: Served[];
  halvedMs?: number;
}

const empty = (): Kept => ({
  arrivedMs: [],
  answeredMs: [],
  refusedMs: [],
  served: [],
  originMs: performance.timeOrigin,
});
