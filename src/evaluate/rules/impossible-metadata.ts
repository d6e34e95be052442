import { pass, type Rule, type Subject, unknown, violation } from '../rule.ts';

/** The clocks of the vendor and of the database may differ by so much before a use is nonsense. */
const clockSkewMs = 5 * 60_000;

/**
 * Fails when what the vendor says cannot be: `now` are contradictions within one answer, which go
 * when the vendor mends them; `past` are contradictions with what was said before, which are events
 * and stay until somebody acknowledges them.
 */
export const impossibleMetadata: Rule<'impossible-metadata'> = ({ id }) => {
  return (subject) => {
    const open = subject.history.openEvents.get(id)?.['past'];
    const now = findNow(subject);
    const past = [...new Set([...(Array.isArray(open) ? open : []), ...findPast(subject)])];
    if (now.length + past.length > 0) return violation({ now, past });

    const unreadable = findUnreadable(subject);
    return unreadable === undefined ? pass : unknown('field-unreadable', unreadable);
  };
};

function findNow({ createdOn, lastUsed, observedAt }: Subject): string[] {
  const used = lastUsed ?? undefined;
  const found: string[] = [];
  if (used !== undefined && createdOn !== undefined && used < createdOn) {
    found.push('lastUsed is before createdOn');
  }
  if (used !== undefined && used - observedAt > clockSkewMs) {
    found.push('lastUsed is in the future');
  }
  if (createdOn !== undefined && createdOn > observedAt) found.push('createdOn is in the future');
  return found;
}

function findPast({ createdOn, lastUsed, type, lastFour, history }: Subject): string[] {
  const found: string[] = [];
  if (wentBack(history.lastUsed, lastUsed)) found.push('lastUsed went backwards');
  if (changed(history.createdOn?.getTime(), createdOn)) found.push('createdOn changed');
  if (changed(history.type, type)) found.push('type changed');
  if (changed(history.lastFour, lastFour)) found.push('lastFour changed');
  return found;
}

/** A key that was used cannot become one that never was. */
function wentBack(before: Date | null | undefined, now: number | null | undefined): boolean {
  if (before === null || before === undefined || now === undefined) return false;
  return now === null || now < before.getTime();
}

function changed<T>(before: T | undefined, now: T | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

function findUnreadable({ createdOn, lastUsed, type, lastFour }: Subject): string | undefined {
  if (createdOn === undefined) return 'createdOn';
  if (lastUsed === undefined) return 'lastUsed';
  if (type === undefined) return 'type';
  return lastFour === undefined ? 'lastFour' : undefined;
}
