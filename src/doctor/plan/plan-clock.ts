import { broken, type Line, warning, well } from '../line.ts';

const noticeableMs = 2_000;
const harmfulMs = 60_000;

/** Instants in milliseconds: of another clock, and of this machine's before and after asking it. */
export interface ClockReading {
  readonly otherMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
  /** The other clock shows multiples of this. */
  readonly stepMs: number;
}

/**
 * Judges another clock by the least difference that explains the reading: a slow answer is no wrong
 * clock. Warns above 2 s; above 60 s it is a failure.
 */
export function planClock(check: string, reading: ClockReading): Line {
  const ms = differenceMs(reading);
  const size = Math.abs(ms);
  const amount = `${(size / 1_000).toFixed(size < 10_000 ? 1 : 0)} s`;
  const seen = `its clock is ${amount} ${ms > 0 ? 'ahead of' : 'behind'} this machine's`;
  const mend = 'set both clocks by a time server (NTP)';
  if (size > harmfulMs) return broken(check, seen, mend);
  if (size > noticeableMs) return warning(check, seen, mend);
  return well(check, "its clock agrees with this machine's");
}

function differenceMs({ otherMs, beforeMs, afterMs, stepMs }: ClockReading): number {
  const latest = otherMs + stepMs;
  if (otherMs > afterMs) return otherMs - afterMs;
  return latest < beforeMs ? latest - beforeMs : 0;
}
