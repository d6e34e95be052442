import { wholeDays } from '../../../keys/days.ts';
import type { KeyDetails } from '../../../keys/detail-fields.ts';
import type { KeyNight } from '../../../record/reads/pages/read-key-nights.ts';
import { renderDay } from '../../../report/render-instant.ts';
import type { ChangedNight } from './key-model.ts';

/**
 * Each night with what changed since the one before it. Both lists are newest first; `earlier`: the
 * night before the oldest.
 */
export function planKeyChanges(
  nights: readonly KeyNight[],
  earlier?: KeyNight,
): readonly ChangedNight[] {
  // What the vendor said last before a night, because some nights it says nothing.
  let said: KeyDetails | 'missing' | undefined = earlier?.said;
  let before = earlier;
  const oldestFirst = nights.toReversed().map((night) => {
    const changes = before === undefined ? [] : listChanges(before, night, said);
    before = night;
    said = night.said ?? said;
    return { ...night, changes };
  });
  return oldestFirst.reverse();
}

function listChanges(
  before: KeyNight,
  night: KeyNight,
  said: KeyDetails | 'missing' | undefined,
): readonly string[] {
  const verdict = before.verdict === night.verdict ? [] : [`${before.verdict} → ${night.verdict}`];
  const rules = ruleChanges(before, night);
  if (night.said === undefined || said === undefined) return [...verdict, ...rules];
  if (night.said === 'missing' || said === 'missing') {
    if (night.said === said) return [...verdict, ...rules];
    return [...verdict, ...rules, night.said === 'missing' ? 'the key is gone' : 'the key is back'];
  }
  return [...verdict, ...rules, ...detailChanges(said, night.said)];
}

function ruleChanges(before: KeyNight, night: KeyNight): readonly string[] {
  if (before.verdict === 'unknown' || night.verdict === 'unknown') return [];
  const [was, is] = [rulesOf(before), rulesOf(night)];
  const broken = is.filter((rule) => !was.includes(rule)).map((rule) => `breaks ${rule}`);
  const kept = was.filter((rule) => !is.includes(rule)).map((rule) => `no longer breaks ${rule}`);
  return [...broken, ...kept];
}

function rulesOf({ violations }: KeyNight): readonly string[] {
  return violations.map(({ rule }) => rule);
}

function detailChanges(was: KeyDetails, is: KeyDetails): readonly string[] {
  const facts = (['name', 'type', 'lastFour'] as const).flatMap((field) => {
    const [from, to] = [was[field], is[field]];
    if (from === undefined || to === undefined || from === to) return [];
    return `${fieldWords[field]} ${from} → ${to}`;
  });
  const created =
    was.createdOn?.getTime() === is.createdOn?.getTime() ||
    was.createdOn === undefined ||
    is.createdOn === undefined
      ? []
      : [`created ${renderDay(was.createdOn)} → ${renderDay(is.createdOn)}`];
  return [...scopeChanges(was.scopes, is.scopes), ...facts, ...created, ...useChange(was, is)];
}

const fieldWords = { name: 'name', type: 'type', lastFour: 'last four' } as const;

function scopeChanges(
  was: readonly string[] | undefined,
  is: readonly string[] | undefined,
): readonly string[] {
  if (was === undefined || is === undefined) return [];
  const added = is.filter((scope) => !was.includes(scope)).map((scope) => `scope added: ${scope}`);
  const gone = was.filter((scope) => !is.includes(scope)).map((scope) => `scope removed: ${scope}`);
  return [...added, ...gone];
}

/** A key in use is used every night; only a use after a long rest is worth a word. */
const longRestDays = 14;

function useChange({ lastUsed: was }: KeyDetails, { lastUsed: is }: KeyDetails): readonly string[] {
  if (is === undefined || is === null || was === undefined) return [];
  if (was === null) return ['used for the first time'];
  const days = wholeDays(is.getTime() - was.getTime());
  return days < longRestDays ? [] : [`used again after ${days} days`];
}
