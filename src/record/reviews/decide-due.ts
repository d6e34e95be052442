import type { ReviewEvery } from '../../config/reviews/reviews-config.ts';
import { setBackMs } from '../../schedule/plan-ticks.ts';
import { countDue } from '../../timing/due-instants.ts';
import { readCron } from '../../timing/read-cron.ts';
import { createWallClock } from '../../timing/wall-clock.ts';

/** The facts about a review from which `decideDue` decides. */
export interface DueInput {
  readonly every: ReviewEvery;
  /** What was due up to this instant was decided on. */
  readonly decidedUntil: Date;
  /** When its newest campaign opened; null if there was none. */
  readonly lastOpenedAt: Date | null;
  readonly now: Date;
}

export interface DuePlan {
  readonly dueAt: Date;
  readonly trigger: 'schedule' | 'catch-up';
  /** How many earlier times it was due since the last decision. */
  readonly passedOver: number;
}

/** A campaign that opens within this time is on time, because the clock looks only every minute. */
const onTimeMs = 120_000;

/**
 * The campaign to open now, if one is due. After a long stop the newest one opens, late, and the
 * others are counted. An interval counts from the campaign before, whoever started that.
 */
export function decideDue(input: DueInput): DuePlan | undefined {
  const { now } = input;
  const due = input.every.kind === 'cron' ? countCron(input) : countIntervals(input);
  if (due === undefined) return undefined;
  const isLate = now.getTime() - due.dueAt.getTime() > onTimeMs;
  return { ...due, trigger: isLate ? 'catch-up' : 'schedule' };
}

/** Whether the last decision was made in what is now the future: the clock was set back. */
export function wasSetBack({ decidedUntil, now }: Pick<DueInput, 'decidedUntil' | 'now'>): boolean {
  return decidedUntil.getTime() - now.getTime() > setBackMs;
}

type Due = Omit<DuePlan, 'trigger'>;

function countCron({ every, decidedUntil, now }: DueInput): Due | undefined {
  if (every.kind !== 'cron') return undefined;
  const clock = createWallClock(every.timezone);
  const due = countDue(readCron(every.cron), clock, decidedUntil, now);
  return due && { dueAt: due.newest, passedOver: due.before?.count ?? 0 };
}

function countIntervals({ every, decidedUntil, lastOpenedAt, now }: DueInput): Due | undefined {
  if (every.kind !== 'interval') return undefined;
  const from = Math.max(decidedUntil.getTime(), lastOpenedAt?.getTime() ?? 0);
  const times = Math.floor((now.getTime() - from) / every.ms);
  if (times < 1) return undefined;
  return { dueAt: new Date(from + times * every.ms), passedOver: times - 1 };
}

/** The text by which a change of the schedule is noticed. */
export function describeEvery(every: ReviewEvery): string {
  return every.kind === 'cron' ? `${every.cron} ${every.timezone}` : `${every.ms} ms`;
}
