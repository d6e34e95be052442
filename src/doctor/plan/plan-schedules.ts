import type { ScheduleFacts } from '../../record/reads/read-store-facts.ts';
import { renderInstant } from '../../report/render-instant.ts';
import { describeClockChange, type NextInstant } from '../../report/schedules-model.ts';
import { type Line, warning, well } from '../line.ts';

const startIt = 'see that keysweep start runs with the role scheduler, and read its log';

/** When a schedule is due next. */
export function planNext(id: string, next: NextInstant | undefined): Line {
  const check = `${id}: next`;
  if (next === undefined) {
    return warning(check, 'it is never due', 'correct its cron line');
  }
  const change = describeClockChange(next);
  const note = change === '' ? '' : `; ${change}`;
  return well(check, `${renderInstant(next.at)}, ${next.local} in its zone${note}`);
}

/**
 * How old a schedule's last sweep is. `next`: its next instants, whose longest gap counts as its
 * interval, because of weekends and the like.
 */
export function planLastSweep(
  { id, lastSweepAt }: Pick<ScheduleFacts, 'id' | 'lastSweepAt'>,
  next: readonly NextInstant[],
  now: Date,
): Line {
  const check = `${id}: last sweep`;
  if (lastSweepAt === null)
    return warning(check, 'it has had no sweep yet', `wait for its next instant, and ${startIt}`);
  const seen = `closed at ${renderInstant(lastSweepAt)}`;
  const ageMs = now.getTime() - lastSweepAt.getTime();
  if (ageMs <= 2 * longestGapMs(next)) return well(check, seen);
  return warning(check, `${seen}: more than twice its interval ago`, startIt);
}

/** `overlap: queue` lets ticks wait; one is ordinary, several mean that sweeps take too long. */
export function planWaiting({ id, waiting }: ScheduleFacts): readonly Line[] {
  if (waiting < 2) return [];
  const mend = 'give it a rarer cron line or a higher rateLimit';
  const seen = `${waiting} ticks wait for the sweep before them to end`;
  return [warning(`${id}: overlap`, seen, mend)];
}

function longestGapMs(next: readonly NextInstant[]): number {
  const times = next.map(({ at }) => at.getTime());
  const gaps = times.slice(1).map((time, place) => time - (times[place] ?? time));
  return Math.max(60_000, ...gaps);
}
