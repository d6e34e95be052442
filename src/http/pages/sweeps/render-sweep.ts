import type { ListedSweep } from '../../../report/model.ts';

/** Who asked for a sweep: “nightly”, “nightly, caught up”, “a request”. */
export function renderTrigger({
  schedule,
  trigger,
}: Pick<ListedSweep, 'schedule' | 'trigger'>): string {
  if (schedule === null) return 'a request';
  return trigger === 'catch-up' ? `${schedule}, caught up` : schedule;
}

/** A length of time in two units at most: “45 s”, “12 min 5 s”, “3 h 20 min”. */
export function renderSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
