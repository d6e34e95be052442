import { createPermitSupply } from '../../../src/sources/limit/permit-supply.ts';
import type { Permits } from '../../../src/sources/limit/permits.ts';
import { allFree, planPermits } from '../../../src/sources/limit/plan-permits.ts';
import { planSpacing } from '../../../src/sources/limit/plan-spacing.ts';
import { createEvents, type Events } from './events.ts';

/** Workers that all have more keys of one source to ask for than its limit allows. */
export interface PermitsPlan {
  readonly perSecond: number;
  readonly workers: number;
  /** Keys of the source that wait in each worker. */
  readonly waiting: number;
  readonly roundTripMs: number;
  readonly lengthMs: number;
}

export interface PermitsUse {
  readonly asksPerSecond: number;
  readonly keysPerSecond: number;
}

/** Uses the workers' own supply and Redis' own plan: only the wire and the timers are imitated. */
export async function simulatePermits(plan: PermitsPlan): Promise<PermitsUse> {
  const { perSecond, workers, waiting, roundTripMs, lengthMs } = plan;
  const events = createEvents();
  const spacing = planSpacing({ requests: perSecond, perMs: 1_000 });
  const limit = createLimit(events, spacing.intervalMs, roundTripMs);
  let used = 0;

  const startWorker = (worker: number) => {
    let timer = 0;
    const drive = () => {
      timer += 1;
      const own = timer;
      const now = events.now();
      while (supply.use(now)) used += 1;
      supply.refill(now, { waiting, urgent: false });
      // As `createPace` does: timers count whole milliseconds, one at least.
      const inMs = Math.max(1, Math.ceil(supply.nextAt(now) - now));
      events.at(now + inMs, () => {
        if (own === timer) drive();
      });
    };
    const supply = createPermitSupply(limit.permits, spacing, events.now, drive);
    // Workers do not begin in the same instant.
    events.at((worker * spacing.intervalMs) / workers, drive);
  };

  for (let worker = 0; worker < workers; worker += 1) startWorker(worker);
  while (events.next(lengthMs)) if (limit.hasAnswered()) await settled();
  const seconds = lengthMs / 1_000;
  return { asksPerSecond: limit.asks() / seconds, keysPerSecond: used / seconds };
}

function createLimit(events: Events, intervalMs: number, roundTripMs: number) {
  let [state, asks, answered] = [allFree, 0, false];
  const permits: Permits = {
    take: (asked) =>
      new Promise((resolve) => {
        asks += 1;
        events.at(events.now() + roundTripMs / 2, () => {
          const planned = planPermits(state, intervalMs, asked, events.now());
          state = planned.state;
          events.at(events.now() + roundTripMs / 2, () => {
            answered = true;
            resolve(planned.answer);
          });
        });
      }),
    hold: async () => undefined,
  };
  const hasAnswered = () => {
    const was = answered;
    answered = false;
    return was;
  };
  return { permits, asks: () => asks, hasAnswered };
}

/** What a promise has started is done before the next event. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
