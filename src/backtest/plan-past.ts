import { eventTypes } from '../evaluate/events.ts';
import { acknowledge, foldHistory } from '../evaluate/fold-history.ts';
import { type History, noHistory } from '../evaluate/history.ts';
import type { Judgement } from '../evaluate/judgement.ts';
import type { Policy, RuleType } from '../evaluate/policy.ts';
import type { Observation } from '../keys/observation.ts';

/** A key in an earlier sweep. `policy`: the one it was judged under. */
export interface PastRow {
  readonly observation: Observation;
  readonly judgement: Pick<Judgement, 'violations' | 'unjudged'>;
  readonly asOf: Date;
  readonly policy: Policy;
}

type Field = 'lastUsed' | 'createdOn' | 'type' | 'lastFour';

/** What must be known of a key's past before it can be judged. */
export interface Needs {
  readonly fields: readonly Field[];
  readonly events: boolean;
}

/** An event that somebody acknowledged. */
export interface Acknowledged {
  readonly rule: string;
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
export function isEnough(past: readonly PastRow[], { fields, events }: Needs): boolean {
  return (
    fields.every((field) => past.some((row) => says(row, field))) && (!events || settles(past))
  );
}

function says({ observation }: PastRow, field: Field): boolean {
  return observation.kind === 'present' && isReadable(observation.details[field]);
}

/** Where all rules could be judged, what is open stands there; of a missing key nothing is. */
function settles(past: readonly PastRow[]): boolean {
  return past.some(
    ({ observation, judgement }) =>
      observation.kind === 'missing' ||
      (observation.kind === 'present' && judgement.unjudged.length === 0),
  );
}

/**
 * What was known of the key after these rows (newest first) and what was acknowledged between them.
 */
export function foldPast(
  past: readonly PastRow[],
  acknowledged: readonly Acknowledged[],
): Pick<History, 'lastUsed' | 'lastUsedAt' | 'createdOn' | 'type' | 'lastFour' | 'openEvents'> {
  let history = noHistory;
  let until = acknowledged;
  for (const row of past.toReversed()) {
    const { at } = row.observation;
    const before = until.filter((one) => one.at <= at);
    until = until.filter((one) => one.at > at);
    history = acknowledge(history, rulesOf(before));
    history = foldHistory(history, { ...row, judgement: whole(row) }, row.policy);
  }
  return acknowledge(history, rulesOf(until));
}

function rulesOf(acknowledged: readonly Acknowledged[]): readonly string[] {
  return acknowledged.map(({ rule }) => rule);
}

/** An event of a rule that has become one of another type is none. */
export function eventsFor(
  policy: Policy,
  { openEvents }: Pick<History, 'openEvents'>,
  past: readonly PastRow[],
): History['openEvents'] {
  if (openEvents.size === 0) return openEvents;
  const typeIn = ({ rules }: Policy, rule: string) => rules.find(({ id }) => id === rule)?.type;
  return new Map(
    [...openEvents].filter(([rule]) => {
      const type = typeIn(policy, rule);
      return past.some((row) => typeIn(row.policy, rule) === type && isEventType(type));
    }),
  );
}

function isEventType(type: RuleType | undefined): boolean {
  const types: readonly (string | undefined)[] = eventTypes;
  return types.includes(type);
}

function whole(row: PastRow): Judgement {
  return { ...row.judgement, verdict: 'unknown', known: wasKnown(row), waiverChanges: [] };
}

/** Whether the verdict would not have been unknown without the rules for keys of which it is. */
export function wasKnown({ judgement, policy }: PastRow): boolean {
  if (judgement.unjudged.length === 0) return true;
  return judgement.violations.some(
    ({ rule }) => policy.rules.find(({ id }) => id === rule)?.type !== 'unaudited',
  );
}

function isReadable(value: string | Date | null | undefined): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  return value !== undefined;
}
