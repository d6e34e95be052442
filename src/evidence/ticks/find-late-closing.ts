import type { ClosedSweepLeaf } from '../sweeps/closed-sweeps.ts';
import { isTooLate, lastDeadline } from './last-deadline.ts';
import type { ScheduleTerms } from './list-terms.ts';

/** A sweep whose leaf was written too late, as its own time says. */
export interface LateClosing {
  readonly leaf: number;
  readonly sweep: string;
  readonly due: Date;
  readonly deadline: Date;
  readonly writtenAt: Date;
}

/**
 * What is late about the sweep of a tick. Times never go back in the log, so whoever appends the
 * sweep of a past night behind later leaves cannot give its leaf a time of that night.
 */
export function findLateClosing(
  { n, event }: Pick<ClosedSweepLeaf, 'n' | 'event'>,
  { at, terms }: { readonly at: number; readonly terms: ScheduleTerms },
): LateClosing | undefined {
  const deadline = lastDeadline(event, terms);
  const writtenAt = new Date(event.at);
  if (!isTooLate(writtenAt.getTime(), deadline)) return undefined;
  return { leaf: n, sweep: event.sweep, due: new Date(at), deadline, writtenAt };
}
