import { eventTypes, isSameEvent } from '../evaluate/history/events.ts';
import { acknowledge, foldHistory } from '../evaluate/history/fold-history.ts';
import { type History, noHistory } from '../evaluate/history/history.ts';
import type { Facts, Judgement } from '../evaluate/judgement.ts';
import type { Policy, RuleType } from '../evaluate/policy/policy.ts';
import type { Observation } from '../keys/observation.ts';

/** A full sweep closed in which the key was not: nobody tracked it, and what was open ended. */
export interface Untracked {
  readonly kind: 'untracked';
  readonly at: Date;
}

/** A key in an earlier sweep. `policy`: the one it was judged under. */
export interface PastRow {
  readonly kind: 'swept';
  readonly at: Date;
  readonly observation: Observation;
  readonly judgement: Pick<Judgement, 'violations' | 'unjudged'>;
  readonly asOf: Date;
  readonly policy: Policy;
}

type Field = 'lastUsed' | 'createdOn' | 'type' | 'lastFour';

export type Past = PastRow | Untracked;

/** What must be known of a key's past before it can be judged. */
export interface Needs {
  readonly fields: readonly Field[];
  readonly events: boolean;
}

/** An event that somebody acknowledged. */
export interface Acknowledged {
  readonly rule: string;
  readonly facts: Facts;
  readonly at: Date;
}

const compared: readonly Field[] = ['lastUsed', 'createdOn', 'type', 'lastFour'];

/**
 * What the rules of a policy compare this observation with. A field that cannot be read now is
 * compared with nothing, and one that never could be (`ever`) need not be looked for.
 */
export function planNeeds(
  policy: Policy,
  observation: Observation,
  ever: { readonly [F in Field]: boolean },
): Needs {
  const has = (type: RuleType) => policy.rules.some((rule) => rule.type === type);
  const events = has('reawakened') || has('impossible-metadata');
  if (observation.kind !== 'present' || !events) return { fields: [], events: false };
  const { details } = observation;
  const wanted = has('impossible-metadata') ? compared : compared.slice(0, 1);
  return { events, fields: wanted.filter((field) => ever[field] && isReadable(details[field])) };
}

/** Whether these rows, newest first, say all that is needed: older ones change nothing. */
export function isEnough(past: readonly Past[], { fields, events }: Needs): boolean {
  return (
    fields.every((field) => past.some((row) => says(row, field))) && (!events || settles(past))
  );
}

function says(past: Past, field: Field): boolean {
  if (past.kind === 'untracked' || past.observation.kind !== 'present') return false;
  return isReadable(past.observation.details[field]);
}

/** Where all rules could be judged, what is open stands there. */
function settles(past: readonly Past[]): boolean {
  return past.some((one) => {
    if (one.kind === 'untracked') return true;
    return one.observation.kind === 'present' && one.judgement.unjudged.length === 0;
  });
}

/**
 * What was known of the key after these rows (newest first) and what was acknowledged between them.
 */
export function foldPast(
  past: readonly Past[],
  acknowledged: readonly Acknowledged[],
): Pick<History, 'lastUsed' | 'lastUsedAt' | 'createdOn' | 'type' | 'lastFour' | 'openEvents'> {
  let history = noHistory;
  let left = acknowledged;
  const done = new Map<string, Facts>();
  for (const one of past.toReversed()) {
    const before = left.filter(({ at }) => at <= one.at);
    left = left.filter(({ at }) => at > one.at);
    const open = acknowledge(history, namesOf(before));
    for (const told of before) done.set(told.rule, told.facts);
    history = dropDone(foldOne(open, one), open, one, done);
  }
  return acknowledge(history, namesOf(left));
}

function foldOne(history: History, past: Past): History {
  if (past.kind === 'untracked') return { ...history, openEvents: noHistory.openEvents };
  const { judgement, observation, policy } = past;
  const whole: Judgement = {
    ...judgement,
    ...{ verdict: 'unknown', known: wasKnown(past), waiverChanges: [] },
  };
  const folded = foldHistory(history, { ...past, judgement: whole }, policy);
  return observation.kind === 'unknown' ? folded : dropGone(folded, policy);
}

/** What was acknowledged is not open again because a sweep sees the same once more. */
function dropDone(
  history: History,
  before: History,
  past: Past,
  done: ReadonlyMap<string, Facts>,
): History {
  if (past.kind === 'untracked' || done.size === 0) return history;
  const same = [...history.openEvents].flatMap(([rule, facts]) => {
    const known = done.get(rule);
    const type = past.policy.rules.find(({ id }) => id === rule)?.type ?? '';
    if (known === undefined || before.openEvents.has(rule)) return [];
    return isSameEvent(type, facts, known) ? [rule] : [];
  });
  return acknowledge(history, same);
}

/** A policy without the rule ends what was open of it, unless nothing could be learned. */
function dropGone(history: History, { rules }: Policy): History {
  const gone = [...history.openEvents.keys()].filter((rule) =>
    rules.every(({ id }) => id !== rule),
  );
  return acknowledge(history, gone);
}

function namesOf(acknowledged: readonly Acknowledged[]): readonly string[] {
  return acknowledged.map(({ rule }) => rule);
}

/** An event of a rule that has become one of another type is none. */
export function eventsFor(
  policy: Policy,
  { openEvents }: Pick<History, 'openEvents'>,
  past: readonly Past[],
): History['openEvents'] {
  if (openEvents.size === 0) return openEvents;
  const typeIn = ({ rules }: Policy, rule: string) => rules.find(({ id }) => id === rule)?.type;
  return new Map(
    [...openEvents].filter(([rule]) => {
      const told = past.find((one) => one.kind === 'swept' && breaks(one, rule));
      const type = told?.kind === 'swept' ? typeIn(told.policy, rule) : undefined;
      return isEventType(type) && typeIn(policy, rule) === type;
    }),
  );
}

function breaks({ judgement }: PastRow, rule: string): boolean {
  return judgement.violations.some((violation) => violation.rule === rule);
}

function isEventType(type: RuleType | undefined): boolean {
  const types: readonly (string | undefined)[] = eventTypes;
  return types.includes(type);
}

/** Whether the verdict would not have been unknown without the rules for keys of which it is. */
export function wasKnown(past: Past): boolean {
  if (past.kind === 'untracked') return false;
  const { judgement, policy } = past;
  if (judgement.unjudged.length === 0) return true;
  return judgement.violations.some(
    ({ rule, waiver }) =>
      waiver === null && policy.rules.find(({ id }) => id === rule)?.type !== 'unaudited',
  );
}

function isReadable(value: string | Date | null | undefined): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  return value !== undefined;
}
