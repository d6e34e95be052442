import { Hono } from 'hono';
import { inTime } from '../timing/in-time.ts';

/** The checks of health. A check fails if it throws or takes too long. */
export interface HealthChecks {
  /** Milliseconds since a canary job last finished; undefined if none has yet. */
  canaryAgeMs(): Promise<number | undefined>;
  store(): Promise<void>;
  queue(): Promise<void>;
  /** Milliseconds since this process started. */
  upMs(): number;
}

/** The canary job runs every minute; three failures in a row are not a coincidence. */
const oldestCanaryMs = 3 * 60_000;
const checkMs = 3_000;

/** `/healthz`: alive, and jobs finish. `/readyz`: the store and the queue answer. Open to all. */
export function createHealth(checks: HealthChecks): Hono {
  const health = new Hono();
  health.get('/healthz', async (context) => {
    const age = await inTime(checks.canaryAgeMs(), checkMs).catch(() => undefined);
    const fresh = (age ?? Number.POSITIVE_INFINITY) < oldestCanaryMs;
    const healthy = fresh || checks.upMs() < oldestCanaryMs;
    return context.json({ status: healthy ? 'ok' : 'stale' }, healthy ? 200 : 503);
  });
  health.get('/readyz', async (context) => {
    const [store, queue] = await Promise.all([passes(checks.store()), passes(checks.queue())]);
    return context.json({ store, queue }, store && queue ? 200 : 503);
  });
  return health;
}

async function passes(check: Promise<void>): Promise<boolean> {
  return inTime(check, checkMs).then(
    () => true,
    () => false,
  );
}
