import { createPermitStock } from './permit-stock.ts';
import type { Permits } from './permits.ts';
import type { PermitsAnswer } from './plan-permits.ts';
import type { Spacing } from './plan-spacing.ts';

/** With less than this ahead, more permits are asked for, so that nobody waits for the answer. */
const refillMs = 25;
/** A longer single wait would not notice that a hold has ended early. */
const longestWaitMs = 10_000;
/** Even if the vendor asks for no wait after it has refused a request. */
const leastHoldMs = 1_000;

/** Who waits for permits. */
export interface Demand {
  readonly waiting: number;
  /** Whether a re-audit is among them. */
  readonly urgent: boolean;
}

/** The permits of this process: a few are asked for ahead, so that a request costs no round trip. */
export interface PermitSupply {
  /** Uses a permit that counts now; false if there is none. */
  use(now: number): boolean;
  /** Asks for more if the stock ends soon. */
  refill(now: number, demand: Demand): void;
  /** Allows to ask at once: a re-audit may be given what others were refused. */
  askAnew(): void;
  /** When `use` or `refill` can do something again, 10 s from now at the latest. */
  nextAt(now: number): number;
  /** How long nobody gets a permit, by the last answer; 0 if that is old. */
  heldMs(now: number): number;
  /** Drops the stock, and gives no process a permit for this long. */
  hold(ms: number): Promise<void>;
}

/** `onNews` is called after each answer: with an error if there was none. */
export function createPermitSupply(
  permits: Permits,
  spacing: Spacing,
  ticks: () => number,
  onNews: (error?: unknown) => void,
): PermitSupply {
  const stock = createPermitStock(spacing);
  const mostAtOnce = 1 + Math.floor(refillMs / spacing.intervalMs);
  let [usedSince, heldUntil, askAt] = [0, 0, 0];
  /** The question or hold under way. A hold makes the answer to a question void. */
  let underWay: Promise<unknown> | undefined;

  const during = async <T>(work: Promise<T>, then: (got: T) => void) => {
    underWay = work;
    try {
      const got = await work;
      if (underWay === work) then(got);
    } finally {
      if (underWay === work) underWay = undefined;
    }
  };
  const take = (answer: PermitsAnswer) => {
    const now = ticks();
    stock.add(answer, now);
    if (answer.given > 0) return;
    heldUntil = now + answer.inMs;
    askAt = Math.min(heldUntil, now + longestWaitMs);
  };
  /** Asks for as many as are waited for, and twice what was used since the last question. */
  const ask = ({ waiting, urgent }: Demand) => {
    const wanted = Math.min(mostAtOnce, Math.max(1, waiting + 2 * usedSince));
    usedSince = 0;
    void during(permits.take({ wanted, urgent }), take).then(() => onNews(), onNews);
  };

  return {
    use(now) {
      if (!stock.use(now)) return false;
      usedSince += 1;
      return true;
    },
    refill(now, demand) {
      // Whoever asks for one key leaves no permit unused; a batch will use the next ones too.
      const isNeeded = demand.waiting > 0 || usedSince > 1;
      const endsSoon = stock.lastAt() - now <= refillMs;
      if (isNeeded && endsSoon && underWay === undefined && now >= askAt) ask(demand);
    },
    askAnew() {
      askAt = 0;
    },
    nextAt(now) {
      const at = stock.nextAt(now) ?? (underWay === undefined ? askAt : Number.POSITIVE_INFINITY);
      return Math.min(Math.max(at, now), now + longestWaitMs);
    },
    heldMs: (now) => (now < askAt ? heldUntil - now : 0),
    async hold(ms) {
      stock.clear();
      await during(permits.hold(Math.max(ms, leastHoldMs)), () => undefined);
    },
  };
}
