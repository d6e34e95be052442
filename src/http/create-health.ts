import { Hono } from 'hono';
import { inTime } from '../timing/in-time.ts';

/** The checks of health. `store` and `queue` fail if they reject or take too long. */
export interface HealthChecks {
  /** Whether the workers of this process are stuck while the queue's server works. */
  stuck(): boolean;
  store(): Promise<void>;
  queue(): Promise<void>;
}

const checkMs = 3_000;
/** Anybody may ask, and each check writes. */
const keptMs = 2_000;

/**
 * `/healthz` is about this process alone: its event loop turns, and its workers are not stuck. It
 * stays 200 while a server is down, because a new process would not help. `/readyz`: the store and
 * the queue can be written to. Both are open to all.
 */
export function createHealth({ stuck, store, queue }: HealthChecks): Hono {
  const health = new Hono();
  const storeWrites = remember(() => passes(store()));
  const queueWrites = remember(() => passes(queue()));
  health.get('/healthz', (context) =>
    stuck() ? context.json({ status: 'stuck' }, 503) : context.json({ status: 'ok' }, 200),
  );
  health.get('/readyz', async (context) => {
    const [storeReady, queueReady] = await Promise.all([storeWrites(), queueWrites()]);
    const ready = storeReady && queueReady;
    return context.json({ store: storeReady, queue: queueReady }, ready ? 200 : 503);
  });
  return health;
}

async function passes(check: Promise<void>): Promise<boolean> {
  return inTime(check, checkMs).then(
    () => true,
    () => false,
  );
}

/** Callers share one running check, and its result for a short time. */
function remember(check: () => Promise<boolean>): () => Promise<boolean> {
  let last: Promise<boolean> | undefined;
  let at = 0;
  return () => {
    if (last !== undefined && performance.now() - at < keptMs) return last;
    at = performance.now();
    last = check();
    return last;
  };
}
