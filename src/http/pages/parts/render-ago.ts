import { renderCount } from '../../../text/render-count.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long ago, or in how long, in one unit: “5 min ago”, “in 3 h”, “12 days ago”, “now”. */
export function renderAgo(instant: Date, now: Date): string {
  const ms = now.getTime() - instant.getTime();
  const span = renderSpan(Math.abs(ms));
  if (span === undefined) return 'now';
  return ms < 0 ? `in ${span}` : `${span} ago`;
}

function renderSpan(ms: number): string | undefined {
  if (ms < minuteMs) return undefined;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  // A span of days is easier to grasp from two days on.
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h`;
  return renderCount(Math.floor(ms / dayMs), 'day');
}
