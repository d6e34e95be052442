import type { LogEvent } from '../leaves/events.ts';
import type { Subjects } from '../leaves/leaf.ts';
import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import { isWithin, type Period } from '../period.ts';

/** A leaf that closed a sweep. */
export interface ClosedSweepLeaf {
  readonly n: number;
  readonly event: Extract<LogEvent, { event: 'sweep-closed' }>;
  readonly subjects: Subjects;
}

/** A sweep belongs to the period in which it was due, or in which it opened without a tick. */
export function instantOf({ event }: Pick<ClosedSweepLeaf, 'event'>): Date {
  return new Date(event.dueAt ?? event.openedAt);
}

export function listSweeps(
  leaves: readonly NumberedLeaf[],
  period: Period,
): readonly ClosedSweepLeaf[] {
  return leaves.flatMap(({ n, event, subjects }) => {
    if (event.event !== 'sweep-closed') return [];
    const sweep = { n, event, subjects };
    return isWithin(period, instantOf(sweep)) ? [sweep] : [];
  });
}
