import type { RateLimit } from '../../options/rate-limit.ts';
import { HeldBack, PaceUnavailable } from '../errors.ts';
import { createAbortWatch } from '../http/abort-watch.ts';
import { createWaitingLine } from '../http/waiting-line.ts';
import type { Pace } from '../key-source.ts';
import { createPermitSupply } from './permit-supply.ts';
import type { OpenPermits } from './permits.ts';
import { planSpacing } from './plan-spacing.ts';

/** Callers do not wait out a longer hold, unless the window of the limit is as long. */
const longHoldMs = 60_000;

interface PaceParts {
  readonly open: OpenPermits;
  /** Called while somebody waits, again and again. */
  readonly onWait?: () => void;
  /** Called after each wait, with its length in milliseconds. */
  readonly onWaited?: (ms: number) => void;
}

/**
 * The rate limit of one source, shared by all workers: its permits follow each other evenly, and
 * re-audits get theirs first.
 */
export function createPace(
  { id, rateLimit }: { readonly id: string; readonly rateLimit: RateLimit },
  { open, onWait, onWaited }: PaceParts,
): Pace {
  const ticks = () => performance.now();
  const lines = createLines();
  const longestHeldMs = Math.max(longHoldMs, rateLimit.perMs);
  let timer: NodeJS.Timeout | undefined;

  const spacing = planSpacing(rateLimit);
  const supply = createPermitSupply(open(id, spacing.intervalMs), spacing, ticks, (error) => {
    if (error !== undefined) lines.sendAway(new PaceUnavailable(id));
    drive();
  });
  /** Lets go whoever has a permit, and sees to the others. */
  const drive = () => {
    clearTimeout(timer);
    const now = ticks();
    while (lines.waiting() > 0 && supply.use(now)) lines.next();
    if (supply.heldMs(now) > longestHeldMs) lines.sendAway(new HeldBack(supply.heldMs(now)));
    if (lines.waiting() === 0) return;
    onWait?.();
    supply.refill(now, lines.demand());
    timer = setTimeout(drive, Math.ceil(supply.nextAt(now) - now));
  };
  const waitInLine = async (signal: AbortSignal, isUrgent: boolean) => {
    const waited = lines.wait(signal, isUrgent);
    drive();
    await waited.finally(() => {
      if (lines.waiting() === 0) clearTimeout(timer);
    });
  };

  return {
    async take(signal, isUrgent) {
      signal.throwIfAborted();
      const now = ticks();
      const isFirst = lines.isFirst(isUrgent);
      if (isFirst && supply.use(now)) return supply.refill(now, lines.demand());
      if (isFirst && isUrgent) supply.askAnew();
      await waitInLine(signal, isUrgent);
      onWaited?.(ticks() - now);
    },

    async pause(ms) {
      try {
        await supply.hold(ms);
      } catch {
        throw new PaceUnavailable(id);
      } finally {
        drive();
      }
    },
  };
}

/** Those who wait for a permit: re-audits come first. */
function createLines() {
  const aborts = createAbortWatch();
  const urgent = createWaitingLine(aborts);
  const usual = createWaitingLine(aborts);
  const waiting = () => urgent.length() + usual.length();
  return {
    waiting,
    demand: () => ({ waiting: waiting(), urgent: urgent.length() > 0 }),
    isFirst: (isUrgent: boolean) => (isUrgent ? urgent.length() : waiting()) === 0,
    wait: (signal: AbortSignal, isUrgent: boolean) => (isUrgent ? urgent : usual).wait(signal),
    next: () => (urgent.length() > 0 ? urgent : usual).next(),
    sendAway(error: Error) {
      urgent.sendAway(error);
      usual.sendAway(error);
    },
  };
}
