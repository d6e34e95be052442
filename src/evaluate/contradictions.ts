import { cutText } from '../text/cut-text.ts';
import { isInFuture } from './clock-skew.ts';
import { readInstant } from './read-instant.ts';
import type { Subject } from './rule.ts';

/** Contradictions within one answer of the vendor, in words. */
export function findContradictions({ createdOn, lastUsed, observedAt }: Subject): string[] {
  const used = lastUsed ?? undefined;
  const found: string[] = [];
  if (used !== undefined && createdOn !== undefined && used < createdOn) {
    found.push('lastUsed is before createdOn');
  }
  if (used !== undefined && isInFuture(used, observedAt)) found.push('lastUsed is in the future');
  if (createdOn !== undefined && createdOn > observedAt) found.push('createdOn is in the future');
  return found;
}

/**
 * Contradictions with what the vendor said before, in words that name the old and the new value.
 * The same change has the same words in every sweep, and another change has other words.
 */
export function findRevisions({ createdOn, lastUsed, type, lastFour, history }: Subject): string[] {
  const found: string[] = [];
  const usedBefore = readInstant(history.lastUsed ?? undefined);
  const createdBefore = readInstant(history.createdOn);
  if (wentBack(usedBefore, lastUsed)) {
    found.push(`lastUsed went backwards from ${sayInstant(usedBefore)} to ${sayInstant(lastUsed)}`);
  }
  if (changed(createdBefore, createdOn)) {
    found.push(`createdOn changed from ${sayInstant(createdBefore)} to ${sayInstant(createdOn)}`);
  }
  if (changed(history.type, type)) found.push(`type changed ${sayTexts(history.type, type)}`);
  if (changed(history.lastFour, lastFour)) {
    found.push(`lastFour changed ${sayTexts(history.lastFour, lastFour)}`);
  }
  return found;
}

/** A key that was used cannot become never used. */
function wentBack(before: number | undefined, now: number | null | undefined): boolean {
  if (before === undefined || now === undefined) return false;
  return now === null || now < before;
}

function changed<T>(before: T | undefined, now: T | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

function sayInstant(ms: number | null | undefined): string {
  return typeof ms === 'number' ? new Date(ms).toISOString() : 'never';
}

/** Quoted because it is the vendor's text; cut because a type may be long. */
function sayTexts(before = '', now = ''): string {
  const [from, to] = [before, now].map((text) => JSON.stringify(cutText(text, 100)));
  return `from ${from} to ${to}`;
}
