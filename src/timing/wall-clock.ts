/** A zone's clock. A wall is the local time that it shows, as milliseconds since its own 1970. */
export interface WallClock {
  /** How far the zone's clock is ahead of UTC at an instant, in milliseconds. */
  offsetAt(instant: number): number;
  /**
   * The instant at which the clock shows `wall`: the first of two if an hour repeats, and the first
   * after the jump if the clock jumps over it.
   */
  instantOf(wall: number): number;
}

const dayMs = 86_400_000;

export function createWallClock(timezone: string): WallClock {
  const offsetAt = createOffsets(timezone);
  return {
    offsetAt,
    instantOf(wall) {
      const before = offsetAt(wall - dayMs);
      const after = offsetAt(wall + dayMs);
      if (before === after && offsetAt(wall - before) === before) return wall - before;
      const shown = [before, after]
        .map((offset) => wall - offset)
        .filter((instant) => instant + offsetAt(instant) === wall);
      if (shown.length > 0) return Math.min(...shown);
      return findJump(offsetAt, wall - Math.max(before, after), wall - Math.min(before, after));
    },
  };
}

/** The first millisecond with the offset of `to`; the offset changes once in between. */
function findJump(offsetAt: (instant: number) => number, from: number, to: number): number {
  const target = offsetAt(to);
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === target) high = middle;
    else low = middle;
  }
  return high;
}

function createOffsets(timezone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (instant) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    return wall - Math.floor(instant / 1_000) * 1_000;
  };
}
