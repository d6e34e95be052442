import type { ScheduleConfig } from '../config/config.ts';
import type { NextInstant } from '../report/schedules-model.ts';
import { dueInstants } from '../timing/due-instants.ts';
import { readCron } from '../timing/read-cron.ts';
import { createWallClock, type WallClock } from '../timing/wall-clock.ts';

/** The rarest day is a 29 February on a given weekday: 40 years apart around the year 2100. */
const horizonMs = 41 * 366 * 86_400_000;

/** The next `count` instants of a schedule after `now`. Throws if the cron line is unreadable. */
export function nextInstants(
  { cron, timezone }: Pick<ScheduleConfig, 'cron' | 'timezone'>,
  now: Date,
  count: number,
): readonly NextInstant[] {
  const times = readCron(cron);
  const clock = createWallClock(timezone);
  const until = new Date(now.getTime() + count * horizonMs);
  const instants: NextInstant[] = [];
  for (const { at, wall } of dueInstants(times, clock, now, until)) {
    instants.push(describe(at, wall, clock));
    if (instants.length === count) break;
  }
  return instants;
}

function describe(at: number, wall: number, clock: WallClock): NextInstant {
  const offset = clock.offsetAt(at);
  const iso = (time: number) => new Date(time).toISOString();
  return {
    at: new Date(at),
    local: iso(at + offset).slice(0, 19) + renderOffset(offset),
    named: iso(wall).slice(11, 16),
    change: changeAt(at, wall, clock),
  };
}

const dayMs = 86_400_000;

function changeAt(at: number, wall: number, clock: WallClock): NextInstant['change'] {
  if (at + clock.offsetAt(at) !== wall) return 'skipped';
  const later = wall - clock.offsetAt(at + dayMs);
  return later > at && later + clock.offsetAt(later) === wall ? 'repeated' : null;
}

function renderOffset(offset: number): string {
  const minutes = Math.abs(offset) / 60_000;
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
