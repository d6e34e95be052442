import type { TickGroup } from './judge-ticks.ts';

const words: Readonly<Record<TickGroup['state'], string>> = {
  unexplained: 'the log has neither a sweep nor a reason',
  late: 'its sweep was closed over an hour after the deadline',
  missed: 'the log says that it was missed',
  skipped: 'the log says that the sweep before was still open',
  pending: 'the log ends before the sweep had to be closed',
};

/** What the log says of ticks that were due and not held. */
export function describeUnheld({ state }: TickGroup): string {
  return words[state];
}

/** Why the log cannot show that nothing was due. */
export const whyUncovered = {
  'no-schedule': 'the log had no schedule then',
  'unreadable-schedule': 'the cron line or the time zone of a schedule cannot be read',
  'log-ends': 'the log ends before',
  'log-empty': 'the log has no leaf',
} as const;
