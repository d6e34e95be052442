import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AssertReady } from '../../app/app-options.ts';
import { QueueUnavailable } from '../../queue/errors.ts';
import { planAfterRefusal } from './plan-after-refusal.ts';

const usualAgainMs = 1_000;

/** Returns when the servers take work, or when keysweep is to start and wait for them. */
export async function waitUntilReady(
  assertReady: AssertReady,
  log: Logger,
  signal: AbortSignal,
  againMs = usualAgainMs,
): Promise<void> {
  const startedAt = performance.now();
  while (!signal.aborted) {
    const refused = await assertReady().then(() => undefined, orRefusal);
    if (refused === undefined) return;
    const next = planAfterRefusal(refused.refusal, performance.now() - startedAt);
    if (next === 'fail') throw refused;
    log.warn({ code: refused.refusal }, `${refused.message}; keysweep waits for it`);
    if (next === 'start') return;
    await wait(againMs, undefined, { signal }).catch(() => undefined);
  }
}

function orRefusal(error: unknown): QueueUnavailable {
  if (error instanceof QueueUnavailable) return error;
  throw error;
}
