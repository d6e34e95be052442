import type { Facts } from '../judgement.ts';
import type { RuleType } from '../policy/policy.ts';
import { reviewRevoke } from './finding-type.ts';

/** Rule types whose findings can hold events, which stay until somebody acknowledges them. */
export const eventTypes = ['reawakened', 'impossible-metadata'] as const satisfies RuleType[];

export function isEventType(type: string): boolean {
  const types: readonly string[] = eventTypes;
  return types.includes(type);
}

/** Whether somebody may be able to acknowledge a finding of this type. */
export function canBeAcknowledged(type: string): boolean {
  return isEventType(type) || type === reviewRevoke;
}

/**
 * Whether the facts of a finding describe only an event, not a state: what the key did once, or what
 * its owner decided.
 */
export function isEvent(type: string, facts: Facts): boolean {
  if (type === 'reawakened' || type === reviewRevoke) return true;
  return type === 'impossible-metadata' && length(facts['past']) > 0 && length(facts['now']) === 0;
}

/**
 * Whether two findings' facts describe the same event. A key reawakens only once after a given last
 * use, however often it is used from then on.
 */
export function isSameEvent(type: string, one: Facts, other: Facts): boolean {
  if (!isEvent(type, one) || !isEvent(type, other)) return false;
  const name = type === 'reawakened' ? 'previousLastUsed' : 'past';
  return JSON.stringify(one[name]) === JSON.stringify(other[name]);
}

/** Whether the facts of an open finding describe an event, alone or beside a state. */
export function holdsEvent(type: string, facts: Facts): boolean {
  return isEvent(type, facts) || (type === 'impossible-metadata' && length(facts['past']) > 0);
}

/** A limit, because a vendor whose answers change every night would fill the facts. */
const mostKept = 20;

/** Open entries stay as they are; new ones are appended. */
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
