/** The mails of a campaign that its time brings. */
export interface NoticesInput {
  readonly answerBy: Date;
  readonly remindMs: readonly number[];
  readonly now: Date;
  /** Those that were written. */
  readonly written: ReadonlySet<string>;
}

/** `done`: what counts as written from now on, also what a long stop has made pointless. */
export interface NoticesPlan {
  readonly remind: boolean;
  readonly escalate: boolean;
  readonly done: readonly string[];
}

export const openedNotice = 'opened';
export const overdueNotice = 'overdue';

export function reminderNotice(ms: number): string {
  return `remind ${ms}`;
}

/**
 * A reminder is due so long before the answers are, and pointless after that. If several are due at
 * once, because nothing ran for a while, one mail is enough. Escalation comes when answers are late.
 */
export function planNotices({ answerBy, remindMs, now, written }: NoticesInput): NoticesPlan {
  const leftMs = answerBy.getTime() - now.getTime();
  const due = remindMs
    .filter((ms) => leftMs <= ms)
    .map(reminderNotice)
    .filter((notice) => !written.has(notice));
  const isLate = leftMs <= 0;
  const escalate = isLate && !written.has(overdueNotice);
  return {
    remind: due.length > 0 && !isLate,
    escalate,
    done: escalate ? [...due, overdueNotice] : due,
  };
}
