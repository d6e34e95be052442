import type { LastTick, OddTicks, ScheduleFacts } from '../../record/reads/read-schedule-facts.ts';
import type { TickOutcome } from '../../record/store/tables/tables.ts';
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

type TickFacts = Pick<ScheduleFacts, 'id' | 'lastTick' | 'week'>;

/** What became of a schedule's last tick, and of those of the week before that were not in time. */
export function planLastTick({ id, lastTick, week }: TickFacts): readonly Line[] {
  if (lastTick === null) return [];
  const check = `${id}: last tick`;
  const seen = `due ${renderInstant(lastTick.dueAt)}: ${describeTick(lastTick)}${describeWeek(week)}`;
  const mend = tickMends[lastTick.outcome];
  return [mend === null ? well(check, seen) : warning(check, seen, mend)];
}

function describeTick({ outcome, trigger, ticks }: LastTick): string {
  if (outcome === 'missed') {
    return ticks === 1 ? 'missed' : `missed, as were the ${ticks - 1} before it`;
  }
  if (outcome === 'skipped') return 'skipped, because the sweep before it was open';
  if (outcome === 'waiting') return 'it waits for its sweep to open';
  return trigger === 'catch-up' ? 'caught up, later than it was due' : 'its sweep opened in time';
}

function describeWeek({ missed, skipped, caughtUp }: OddTicks): string {
  const counts = [
    [missed, 'missed'],
    [skipped, 'skipped'],
    [caughtUp, 'caught up'],
  ] as const;
  const words = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return words.length === 0 ? '' : `; in seven days ${words.join(', ')}`;
}

const rarer = 'give it a rarer cron line or a higher rateLimit';
const tickMends: Record<TickOutcome, string | null> = {
  opened: null,
  waiting: null,
  skipped: `${rarer}, or overlap: queue`,
  missed: startIt,
};

/** `overlap: queue` lets ticks wait; one is ordinary, several mean that sweeps take too long. */
export function planWaiting({
  id,
  waiting,
}: Pick<ScheduleFacts, 'id' | 'waiting'>): readonly Line[] {
  if (waiting < 2) return [];
  const seen = `${waiting} ticks wait for the sweep before them to end`;
  return [warning(`${id}: overlap`, seen, rarer)];
}

function longestGapMs(next: readonly NextInstant[]): number {
  const times = next.map(({ at }) => at.getTime());
  const gaps = times.slice(1).map((time, place) => time - (times[place] ?? time));
  return Math.max(60_000, ...gaps);
}
