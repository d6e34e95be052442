import { evaluate } from '../evaluate/evaluate.ts';
import { advance } from '../evaluate/history/advance.ts';
import type { KnownFinding } from '../evaluate/history/key-state.ts';
import { historyOf, type KeyState, newKey } from '../evaluate/history/key-state.ts';
import type { Transition } from '../evaluate/history/transition.ts';
import type { Judgement } from '../evaluate/judgement.ts';
import type { CompiledPolicy } from '../evaluate/policy/compile-policy.ts';
import type { Policy } from '../evaluate/policy/policy.ts';
import type { Observation } from '../keys/observation.ts';
import type { Life } from './create-life.ts';
import type { ObservedNight } from './observe-nights.ts';

/** The ids that the records gave to what the past refers to. */
export interface PastRows {
  readonly policy: number;
  /** Of the tracked key and its inventory entry, with the hash of that. */
  rowsOf(life: Life): {
    readonly row: number;
    readonly entry: number;
    readonly entryHash: Uint8Array;
  };
  /** Of the content of an answer; null if there was none. */
  contentOf(observation: Observation): number | null;
}

export interface PastTerms {
  readonly policy: Policy;
  readonly compiled: CompiledPolicy;
  readonly usageLagMs: number;
  readonly rows: PastRows;
}

/** A key in one night, as `sweep_key` keeps it. */
export interface JudgedInPast {
  readonly source: string;
  readonly keyId: string;
  readonly row: number;
  readonly entry: number;
  readonly entryHash: Uint8Array;
  readonly content: number | null;
  readonly observation: Observation;
  readonly judgement: Judgement;
}

/** A transition of a finding. `asOf`: when the sweep that it belongs to was opened. */
export interface PastMove {
  readonly life: Life;
  readonly row: number;
  readonly transition: Transition;
  readonly finding: KnownFinding;
  readonly asOf: Date;
  readonly at: Date;
  /** When it was alerted, if anybody had been told. */
  readonly plannedAt: Date;
  readonly note: Readonly<Record<string, string>> | undefined;
}

/** What one night recorded. `moves`: in order, those that somebody caused after it among them. */
export interface JudgedNight extends Omit<ObservedNight, 'observed'> {
  readonly keys: readonly JudgedInPast[];
  readonly moves: readonly PastMove[];
}

/** The nights, and every key's state after the last of them. */
export interface SimulatedPast {
  readonly nights: readonly JudgedNight[];
  readonly states: ReadonlyMap<number, KeyState>;
}

/**
 * Judges the nights in their order, with `evaluate` and `advance`, as sweeps do; only the time
 * comes from the plan.
 */
export function planPast(observed: readonly ObservedNight[], terms: PastTerms): SimulatedPast {
  const states = new Map<number, KeyState>();
  const lives = new Set(observed.flatMap((night) => night.observed.map(({ life }) => life)));
  const nights = observed.map((night, index) => {
    const judged = night.observed.map((one) => judge(one, night, states, terms));
    const next = observed[index + 1]?.openedAt ?? undefined;
    const acknowledged = [...lives].flatMap((life) =>
      acknowledge(life, night, next, states, terms),
    );
    return {
      ...{ night: night.night, openedAt: night.openedAt, closedAt: night.closedAt },
      keys: judged.map(({ key }) => key),
      moves: [...judged.flatMap(({ moves }) => moves), ...acknowledged],
    };
  });
  return { nights, states };
}

type States = Map<number, KeyState>;

function judge(
  { life, observation }: ObservedNight['observed'][number],
  { openedAt: asOf, closedAt }: ObservedNight,
  states: States,
  { policy, compiled, usageLagMs, rows }: PastTerms,
) {
  const { row, entry, entryHash } = rows.rowsOf(life);
  const content = rows.contentOf(observation);
  const state = states.get(row) ?? newKey(life.trackedAt);
  const history = historyOf(state, policy);
  const terms = { policy: compiled, asOf, usageLagMs, history };
  const judgement = evaluate({ observation, key: life.key, ...terms });
  const { transitions, next } = advance(state, {
    kind: 'observed',
    ...{ observation, judgement, policy, asOf, now: observation.at, judgedWith: history },
    stored: { content, entry, policy: rows.policy },
  });
  states.set(row, next);
  const when = { asOf, at: observation.at, plannedAt: closedAt, note: undefined };
  const moves = movesOf(life, row, transitions, next, when);
  const { source, keyId } = life.key;
  const rowsOfKey = { row, entry, entryHash, content };
  return { key: { source, keyId, ...rowsOfKey, observation, judgement }, moves };
}

/** Ends the findings of events that somebody acknowledged after this night, before the next. */
function acknowledge(
  life: Life,
  { openedAt: asOf, closedAt }: ObservedNight,
  next: Date | undefined,
  states: States,
  { rows }: PastTerms,
): readonly PastMove[] {
  const { acknowledged } = life;
  if (acknowledged === undefined || acknowledged.at <= closedAt) return [];
  if (next !== undefined && acknowledged.at >= next) return [];
  const { row } = rows.rowsOf(life);
  const { rule, at, note } = acknowledged;
  const moved = advance(states.get(row) ?? newKey(life.trackedAt), { kind: 'acknowledged', rule });
  states.set(row, moved.next);
  return movesOf(life, row, moved.transitions, moved.next, { asOf, at, plannedAt: at, note });
}

function movesOf(
  life: Life,
  row: number,
  transitions: readonly Transition[],
  { findings }: KeyState,
  when: Pick<PastMove, 'asOf' | 'at' | 'plannedAt' | 'note'>,
): readonly PastMove[] {
  return transitions.flatMap((transition) => {
    const finding = findings.get(transition.rule);
    return finding === undefined ? [] : [{ life, row, transition, finding, ...when }];
  });
}
