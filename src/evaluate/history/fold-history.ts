import type { KeyDetails } from '../../keys/detail-fields.ts';
import type { Observation } from '../../keys/observation.ts';
import type { Facts, Judgement } from '../judgement.ts';
import type { Policy } from '../policy/policy.ts';
import { eventTypes, holdsEvent } from './events.ts';
import type { History, WaivedBefore } from './history.ts';

/** One sweep of a key that has been judged. `asOf`: when it was opened. */
export interface PastSweep {
  readonly observation: Observation;
  readonly judgement: Judgement;
  readonly asOf: Date;
}

/**
 * What is known of a key after one more sweep, given what was known before it: the same that the
 * records keep. Fields of the vendor's that could not be read lose nothing.
 */
export function foldHistory(history: History, past: PastSweep, policy: Policy): History {
  const { observation, judgement, asOf } = past;
  const read = observation.kind === 'present' ? observation.details : undefined;
  return {
    ...readUse(history, observation),
    createdOn: readable(read?.createdOn) ?? history.createdOn,
    type: read?.type ?? history.type,
    lastFour: read?.lastFour ?? history.lastFour,
    firstScopes: history.firstScopes ?? read?.scopes,
    knownAt: judgement.known ? later(history.knownAt, asOf) : history.knownAt,
    openEvents: foldEvents(history, past, policy),
    waived: foldWaived(history, judgement),
  };
}

/** As `history`, after somebody has acknowledged the events of these rules. */
export function acknowledge(history: History, rules: readonly string[]): History {
  if (rules.length === 0) return history;
  const openEvents = new Map([...history.openEvents].filter(([rule]) => !rules.includes(rule)));
  return { ...history, openEvents };
}

function readUse(history: History, observation: Observation) {
  const used: KeyDetails['lastUsed'] =
    observation.kind === 'present' ? observation.details.lastUsed : undefined;
  const lastUsed = used === null ? null : readable(used);
  if (lastUsed === undefined) {
    return { lastUsed: history.lastUsed, lastUsedAt: history.lastUsedAt };
  }
  return { lastUsed, lastUsedAt: observation.at };
}

/**
 * An event that is not broken any more ends, but never while anything of the key is unknown: then
 * nothing does, and not because the key is gone: then only what told of a state ends.
 */
function foldEvents(
  { openEvents }: History,
  { observation, judgement }: PastSweep,
  { rules }: Policy,
): ReadonlyMap<string, Facts> {
  const stays = observation.kind === 'unknown' || judgement.unjudged.length > 0;
  const types: readonly string[] = eventTypes;
  const typeOf = (rule: string) => rules.find(({ id }) => id === rule)?.type ?? '';
  const gone = observation.kind === 'missing';
  const events = new Map(
    [...openEvents].filter(([rule, facts]) => (gone ? holdsEvent(typeOf(rule), facts) : stays)),
  );
  for (const { rule, facts } of judgement.violations) {
    if (types.includes(typeOf(rule))) events.set(rule, facts);
  }
  return events;
}

function foldWaived({ waived }: History, { waiverChanges }: Judgement): History['waived'] {
  if (waiverChanges.length === 0) return waived;
  const next = new Map<string, WaivedBefore>(waived);
  for (const { hash, digest, void: ended } of waiverChanges)
    next.set(hash, { digest, void: ended });
  return next;
}

/** An invalid Date is one that could not be read. */
function readable(date: Date | undefined): Date | undefined {
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

function later(one: Date | undefined, other: Date): Date {
  return one !== undefined && one > other ? one : other;
}
