import { inTime } from '../../timing/in-time.ts';
import type { OpenPermits, Permits } from './permits.ts';
import type { PermitsCall, PermitsReply } from './permits-call.ts';

/** If the server hangs, calls stop waiting for a permit after this time and are retried later. */
const patienceMs = 5_000;

/** Answers what the sources' thread asks. Never rejects. */
export function answerPermitsCalls(
  open: OpenPermits,
): (call: PermitsCall) => Promise<PermitsReply> {
  const opened = new Map<string, Permits>();
  return async ({ source, intervalMs, what }) => {
    const permits = opened.get(source) ?? open(source, intervalMs);
    opened.set(source, permits);
    try {
      if (what.kind === 'take') {
        const answer = await inTime(permits.take(what.asked), patienceMs);
        return { kind: 'taken', answer };
      }
      await inTime(permits.hold(what.ms), patienceMs);
      return { kind: 'held' };
    } catch {
      return { kind: 'unavailable' };
    }
  };
}
