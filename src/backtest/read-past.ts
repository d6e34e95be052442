import type { Policy } from '../evaluate/policy/policy.ts';
import type { Database } from '../record/store/database.ts';
import type { Acknowledged, Past } from './plan-fold.ts';
import type { Evidence } from './read-evidence.ts';
import { readAcknowledged } from './read-past-rows.ts';
import type { KeptSweep, SweepInTime } from './read-sweeps.ts';
import { createSweptReader } from './read-swept.ts';

/** Whether the rows read so far for a key, newest first, are enough. */
type Enough = (key: Evidence, past: readonly Past[]) => boolean;

/** Reads what earlier sweeps recorded about keys, as far back as needed. */
export interface PastReader {
  /**
   * Each key's rows before its row in this sweep, newest first. Reads older and older sweeps until
   * the rows are enough or none are left.
   */
  read(
    sweep: KeptSweep,
    keys: readonly Evidence[],
    enough: Enough,
  ): Promise<ReadonlyMap<number, readonly Past[]>>;
  /** Each key's rows since an instant, except for one sweep that is known already. */
  readSince(
    sweep: KeptSweep,
    wanted: readonly WantedSince[],
  ): Promise<ReadonlyMap<number, readonly Past[]>>;
  readAcknowledged(
    keyRows: readonly number[],
  ): Promise<ReadonlyMap<number, readonly Acknowledged[]>>;
}

export interface WantedSince {
  readonly key: Evidence;
  readonly since: Date;
  /** The row of the sweep to leave out. */
  readonly but: number;
}

export function createPastReader(
  database: Database,
  timeline: readonly SweepInTime[],
  parse: (text: string) => Policy,
): PastReader {
  const readSwept = createSweptReader(database, parse);
  return {
    async read(sweep, keys, enough) {
      const found = new Map<number, readonly Past[]>();
      let wanting = keys.filter((key) => !enough(key, []));
      for (const step of planSteps(timeline, sweep)) {
        if (wanting.length === 0) break;
        const more = await readSwept(step, wanting, () => true);
        for (const [id, past] of more) found.set(id, [...(found.get(id) ?? []), ...past]);
        wanting = wanting.filter((key) => !enough(key, found.get(key.id) ?? []));
      }
      return found;
    },
    async readSince(sweep, wanted) {
      if (wanted.length === 0) return new Map();
      const limits = new Map(wanted.map(({ key, ...limit }) => [key.id, limit]));
      const oldest = Math.min(...wanted.map(({ since }) => since.getTime()));
      const between = timeline.filter(
        (one) => isBefore(one, sweep) && endedAfter(one, new Date(oldest)),
      );
      const concerns = (one: SweepInTime, { id }: Evidence) => {
        const limit = limits.get(id);
        return limit !== undefined && one.id !== limit.but && endedAfter(one, limit.since);
      };
      const keys = wanted.map(({ key }) => key);
      const more = keys.filter((key) => between.some((one) => concerns(one, key)));
      const found = await readSwept(between, more, concerns);
      return new Map(
        [...found].map(([id, past]) => {
          const since = limits.get(id)?.since ?? sweep.openedAt;
          return [id, past.filter(({ at }) => at >= since)];
        }),
      );
    },
    readAcknowledged: (keyRows) => readAcknowledged(database, keyRows),
  };
}

/** A sweep that opened before this one closed may hold earlier rows of a key. */
function isBefore(earlier: SweepInTime, { id, closedAt }: KeptSweep): boolean {
  return earlier.id !== id && earlier.openedAt <= closedAt;
}

function endedAfter({ closedAt }: SweepInTime, since: Date): boolean {
  return closedAt === null || closedAt >= since;
}

/**
 * Yields the earlier sweeps, newest first, in steps: re-audits of some keys together with the full
 * sweep before them. The rows decide the order of overlapping sweeps.
 */
function* planSteps(
  timeline: readonly SweepInTime[],
  sweep: KeptSweep,
): Iterable<readonly SweepInTime[]> {
  let step: SweepInTime[] = [];
  for (const earlier of timeline) {
    if (!isBefore(earlier, sweep)) continue;
    step.push(earlier);
    if (earlier.scope === 'partial') continue;
    yield step;
    step = [];
  }
  if (step.length > 0) yield step;
}
