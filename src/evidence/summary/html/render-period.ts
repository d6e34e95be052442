import { renderDay } from '../../../report/render-instant.ts';
import type { Summary } from '../summary.ts';

/** The first and the last day (UTC) of which the period has a part. Its end is not included. */
export function renderPeriod({ from, to }: Pick<Summary, 'from' | 'to'>): string {
  return `${renderDay(from)} to ${renderDay(new Date(to.getTime() - 1))}`;
}
