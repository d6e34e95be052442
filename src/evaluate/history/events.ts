import type { Facts } from '../judgement.ts';
import type { RuleType } from '../policy/policy.ts';

/** Types whose findings tell of something that happened: they stay until somebody acknowledges it. */
export const eventTypes = ['reawakened', 'impossible-metadata'] as const satisfies RuleType[];

export function isEventType(type: string): boolean {
  const types: readonly string[] = eventTypes;
  return types.includes(type);
}

/** Whether facts of a finding are, as a whole, of something that happened and not of a state. */
export function isEvent(type: string, facts: Facts): boolean {
  if (type === 'reawakened') return true;
  return type === 'impossible-metadata' && length(facts['past']) > 0 && length(facts['now']) === 0;
}

/**
 * Whether two findings' facts tell of the same happening: a key wakes from one last use once, however
 * often it is used from then on.
 */
export function isSameEvent(type: string, one: Facts, other: Facts): boolean {
  if (!isEvent(type, one) || !isEvent(type, other)) return false;
  const name = type === 'reawakened' ? 'previousLastUsed' : 'past';
  return JSON.stringify(one[name]) === JSON.stringify(other[name]);
}

/** Whether facts of an open finding tell of something that happened, be it beside a state. */
export function holdsEvent(type: string, facts: Facts): boolean {
  return isEvent(type, facts) || (type === 'impossible-metadata' && length(facts['past']) > 0);
}

/** A vendor that tells another story every night would fill the facts. */
const mostKept = 20;

/** What is open stays as it is; what is new comes behind it. */
export function joinPast(
  open: Facts[string] | undefined,
  found: Facts[string] | undefined,
): readonly string[] {
  const [before, now] = [open, found].map((list) => (Array.isArray(list) ? list : []));
  if (before === undefined || now === undefined || now.length === 0) return before ?? [];
  return [...new Set([...before, ...now])].slice(0, Math.max(mostKept, before.length));
}

function length(list: Facts[string] | undefined): number {
  return Array.isArray(list) ? list.length : 0;
}
