import type { KnownFinding } from '../../evaluate/history/key-state.ts';
import type { Facts } from '../../evaluate/judgement.ts';
import { type AdvancedKey, type Move, movesOf } from './moves.ts';

/** When the sweep that saw a finding again opened, in ISO 8601, and why the finding is open. */
export interface Sighting {
  readonly at: string;
  readonly facts: Facts | null;
}

/** What a sweep writes of a key's findings. */
export interface SightedKey {
  readonly row: number;
  /** Moves that change the row of their finding. */
  readonly moves: readonly Move[];
  /** By rule: findings that are only seen again. The row of the key keeps these, or null for none. */
  readonly sightings: Readonly<Record<string, Sighting>> | null;
  /** Rules of open findings that this sweep neither saw nor ended. */
  readonly unseen: readonly string[];
}

/**
 * Parts what changes findings from what only sees them again. Most facts count days, so a night has
 * other facts for each finding. These go to the row of the key, which is written anyway.
 */
export function planSightings(key: AdvancedKey): SightedKey {
  const { row, state, transitions } = key;
  if (state.findings.size === 0) return { row, moves: movesOf(key), sightings: null, unseen: [] };
  const moves: Move[] = [];
  const seen: [string, Sighting][] = [];
  for (const move of movesOf(key)) {
    const { rule, facts, seenAt } = move.finding;
    if (isOnlySeen(move, state.findings.get(rule))) {
      seen.push([rule, { at: seenAt.toISOString(), facts }]);
    } else moves.push(move);
  }
  const moved = new Set(transitions.map(({ rule }) => rule));
  const unseen = [...state.findings.values()]
    .filter(({ rule, state: was }) => was !== 'resolved' && !moved.has(rule))
    .map(({ rule }) => rule);
  const sightings = seen.length === 0 ? null : Object.fromEntries(seen);
  return { row, moves, sightings, unseen };
}

/**
 * Whether the sighting is newer than all that the rows say: the newer of the two counts, so a sweep
 * that did not open after the one that saw the finding last must write its row. Under one policy, a
 * rule keeps its type, severity and controls.
 */
function isOnlySeen({ transition, finding }: Move, before: KnownFinding | undefined): boolean {
  return (
    transition.kind === 'seen' &&
    before !== undefined &&
    before.policy === finding.policy &&
    before.waiver?.hash === finding.waiver?.hash &&
    before.seenAt < finding.seenAt &&
    !isNewEvent(before, finding)
  );
}

/**
 * Whether something happened to the key. Workers of an older build join events with those in the
 * row of the finding, so the row has all of them.
 */
function isNewEvent({ facts: before }: KnownFinding, { facts }: KnownFinding): boolean {
  return JSON.stringify(before?.['past']) !== JSON.stringify(facts?.['past']);
}
