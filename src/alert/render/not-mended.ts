import type { AlertFinding, FindingsChanged } from '../message.ts';

/** What a message tells of that is no better than it was: what wants doing. */
export function notMended({
  opened,
  reopened,
  lapsed,
  reminders,
}: FindingsChanged): readonly AlertFinding[] {
  return [...opened, ...reopened, ...lapsed, ...reminders];
}
