import { firstWindow, planWindow } from '../../../src/sources/http/plan-window.ts';
import type { Capacity } from '../vendor/vendor-options.ts';
import { createWaitingRoom } from '../vendor/waiting-room.ts';
import { createEvents } from './events.ts';
import { percentile } from './percentile.ts';
import { createRandom } from './random.ts';

/** Workers with `concurrency: auto` that ask one vendor without an end. */
export interface WindowPlan {
  readonly capacity: Capacity;
  readonly workers: number;
  /** The ceiling of each worker's window. */
  readonly most: number;
  /** The way there and back. */
  readonly wayMs: number;
  readonly lengthMs: number;
  /** When the vendor's places are halved. */
  readonly halvedAtMs?: number;
  readonly seed: number;
}

/** What the vendor saw in a part of the time. */
export interface WindowPart {
  /** Keys answered beside what the vendor can answer in this time. */
  readonly use: number;
  /** The median time of an answer, as the workers see it. */
  readonly medianMs: number;
  readonly refused: number;
}

interface Answered {
  readonly at: number;
  readonly ms: number;
  readonly isRefused: boolean;
}

/** How long all workers wait at least after a 429 with a Retry-After. */
const leastHoldMs = 1_000;
/** How much the vendor's own time differs from request to request: the deviation of its logarithm. */
const spread = 0.1;

/** Decides with `planWindow`, as workers do; only the vendor and the wire are imitated. */
export function simulateWindow(plan: WindowPlan) {
  const { capacity, workers, most, wayMs, lengthMs, halvedAtMs, seed } = plan;
  const events = createEvents();
  const random = createRandom(seed);
  const { places, serviceMs, longestLine = Number.POSITIVE_INFINITY, retryAfter } = capacity;
  const room = createWaitingRoom(places, longestLine);
  const answered: Answered[] = [];
  let heldUntil = 0;

  const arrive = (done: (isRefused: boolean) => void) => {
    const back = (isRefused: boolean) => events.at(events.now() + wayMs / 2, () => done(isRefused));
    const isIn = room.enter(() =>
      events.at(events.now() + serviceMs * random.lognormal(spread), () => {
        room.leave();
        back(false);
      }),
    );
    if (!isIn) back(true);
  };
  const startWorker = () => {
    let [window, held] = [firstWindow(most), 0];
    const fill = () => {
      // One slot is kept for re-audits, as `createSlots` does.
      const size = Math.floor(window.size);
      while (held < (size === 1 ? 1 : size - 1)) {
        held += 1;
        events.at(Math.max(events.now(), heldUntil) + wayMs / 2, send);
      }
    };
    const send = () => {
      const sentAt = events.now() - wayMs / 2;
      arrive((isRefused) => {
        const [ms, now] = [events.now() - sentAt, events.now()];
        answered.push({ at: now, ms, isRefused });
        const isFull = held >= Math.floor(window.size) - 1;
        window = planWindow(window, { ms, isOverloaded: isRefused, isFull }, { most, now });
        held -= 1;
        if (isRefused && retryAfter !== undefined)
          heldUntil = Math.max(heldUntil, now + Math.max(leastHoldMs, retryAfter * 1_000));
        fill();
      });
    };
    fill();
  };

  for (let worker = 0; worker < workers; worker += 1) startWorker();
  if (halvedAtMs !== undefined) events.at(halvedAtMs, () => room.resize(Math.floor(places / 2)));
  while (events.next(lengthMs));

  return {
    /** Between two instants, with `now` places. */
    part(fromMs: number, toMs: number, now: number): WindowPart {
      const within = answered.filter(({ at }) => at >= fromMs && at < toMs);
      const kept = within.filter(({ isRefused }) => !isRefused);
      return {
        use: kept.length / ((now / serviceMs) * (toMs - fromMs)),
        medianMs:
          kept.length === 0
            ? 0
            : percentile(
                kept.map(({ ms }) => ms),
                0.5,
              ),
        refused: within.length - kept.length,
      };
    },
  };
}
