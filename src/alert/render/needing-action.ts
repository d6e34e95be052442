import type { AlertFinding, FindingsChanged } from '../message.ts';

/** The findings of a message that are still broken and need action. */
export function needingAction({
  opened,
  reopened,
  lapsed,
  reminders,
}: FindingsChanged): readonly AlertFinding[] {
  return [...opened, ...reopened, ...lapsed, ...reminders];
}
