import { isEventType } from '../evaluate/history/events.ts';
import type { Policy, RuleType } from '../evaluate/policy/policy.ts';
import type { Observation } from '../keys/observation.ts';
import type { Past } from './plan-fold.ts';

type Field = 'lastUsed' | 'createdOn' | 'type' | 'lastFour';
const compared: readonly Field[] = ['lastUsed', 'createdOn', 'type', 'lastFour'];

/** What must be known about a key's past before it can be judged. */
export interface Needs {
  readonly fields: readonly Field[];
  readonly events: boolean;
}

/** Whether any rule compares a key with its past, beyond what the records keep with the key. */
export function comparesPast({ rules }: Policy): boolean {
  return rules.some(({ type }) => isEventType(type) || type === 'unaudited');
}

/**
 * What the rules that compare a key with its past need. `ever`: the fields that could ever be read.
 */
export function planNeeds(policy: Policy, ever: { readonly [F in Field]: boolean }): Needs {
  const has = (wanted: RuleType) => policy.rules.some(({ type }) => type === wanted);
  if (!policy.rules.some(({ type }) => isEventType(type))) return { fields: [], events: false };
  const wanted = has('impossible-metadata') ? compared : compared.slice(0, 1);
  return { events: true, fields: wanted.filter((field) => ever[field]) };
}

/** The needs if only this observation is judged: fields that it lacks are not compared. */
export function planNeedsOf(observation: Observation, { fields, events }: Needs): Needs {
  if (observation.kind !== 'present') return { fields: [], events: false };
  const { details } = observation;
  return { events, fields: fields.filter((field) => isReadable(details[field])) };
}

/** Whether these rows, newest first, are enough, so that older ones change nothing. */
export function isEnough(past: readonly Past[], { fields, events }: Needs): boolean {
  return (
    fields.every((field) => past.some((row) => says(row, field))) && (!events || settles(past))
  );
}

function says(past: Past, field: Field): boolean {
  if (past.kind === 'untracked' || past.observation.kind !== 'present') return false;
  return isReadable(past.observation.details[field]);
}

/** If every rule could be judged, the judgement contains every open event. */
function settles(past: readonly Past[]): boolean {
  return past.some((one) => {
    if (one.kind === 'untracked') return true;
    return one.observation.kind === 'present' && one.judgement.unjudged.length === 0;
  });
}

function isReadable(value: string | Date | null | undefined): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  return value !== undefined;
}
