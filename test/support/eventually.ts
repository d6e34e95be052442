import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** How long to wait in all, in milliseconds (by default, 30 s). */
  readonly deadlineMs?: number;
  /** How long to wait between two looks, in milliseconds. */
  readonly everyMs?: number;
}

/**
 * Waits until `look` gives something truthy, and returns it. A look that throws counts as “not
 * yet”. Past the deadline it throws with the claim and what was seen last.
 */
export async function eventually<T>(
  claim: string,
  look: () => T | Promise<T>,
  { deadlineMs = 30_000, everyMs = 20 }: Patience = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + deadlineMs;
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) break;
    await sleep(everyMs);
  }
  const seen = last instanceof Error ? `${last.name}: ${last.message}` : JSON.stringify(last);
  throw new Error(`not within ${deadlineMs} ms: ${claim} (last seen: ${seen})`, { cause: last });
}
