import { evaluate } from '../evaluate/evaluate.ts';
import { historyOf, type KeyState, newKey } from '../evaluate/history/key-state.ts';
import type { Judgement } from '../evaluate/judgement.ts';
import type { CompiledPolicy } from '../evaluate/policy/compile-policy.ts';
import type { Policy } from '../evaluate/policy/policy.ts';
import type { Evidence } from './read-evidence.ts';
import type { StateReader } from './read-states.ts';
import type { KeptSweep } from './read-sweeps.ts';

/** The policy for the new judgement, and the inputs that are not kept with the evidence. */
export interface Judging {
  readonly policy: Policy;
  readonly compiled: CompiledPolicy;
  usageLagMs(source: string): number;
}

/** A key of a kept sweep, judged under the other policy. */
export interface JudgedAgain {
  readonly evidence: Evidence;
  readonly after: Judgement;
}

/**
 * Judges the kept keys of a sweep as if this policy had been in force at that instant. Uses only
 * what was known about each key by then.
 */
export async function judgeAgain(
  sweep: KeptSweep,
  keys: readonly Evidence[],
  states: StateReader,
  judging: Judging,
): Promise<readonly JudgedAgain[]> {
  const judge = (evidence: Evidence, state: KeyState): JudgedAgain => {
    const { key, observation } = evidence;
    const usageLagMs = judging.usageLagMs(key.source);
    const history = historyOf(state, judging.policy);
    const about = { observation, key, asOf: sweep.openedAt, usageLagMs, history };
    return { evidence, after: evaluate({ ...about, policy: judging.compiled }) };
  };
  const before = await states.read(sweep, keys);
  const judged = keys.map((evidence) => judge(evidence, before.get(evidence.id) ?? newKey()));
  if (judging.compiled.unaudited.length === 0) return judged;

  // Only unknown keys need the time since when they are unknown.
  const unknown = judged.flatMap(({ evidence, after }) => (after.known ? [] : [evidence]));
  const known = await states.readKnown(sweep, unknown);
  return judged.map((one) => {
    const state = known.get(one.evidence.id);
    return state === undefined ? one : judge(one.evidence, state);
  });
}
