import { historyOf, type KeyState, newKey } from '../../evaluate/history/key-state.ts';
import type { Judgement } from '../../evaluate/judgement.ts';
import type { Evidence } from '../read-evidence.ts';
import type { StateReader } from '../read-states.ts';
import type { KeptSweep } from '../read-sweeps.ts';
import type { PastJudge } from './past-judge.ts';

/** The judge under the other policy, and the inputs that are not kept with the evidence. */
export interface Judging extends Pick<PastJudge, 'policy' | 'judge'> {
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
  const judge = async (of: readonly Evidence[], states: ReadonlyMap<number, KeyState>) => {
    const judgements = await judging.judge(
      of.map(({ id, key, observation }) => {
        const history = historyOf(states.get(id) ?? newKey(), judging.policy);
        const usageLagMs = judging.usageLagMs(key.source);
        return { observation, key, asOf: sweep.openedAt, usageLagMs, history };
      }),
    );
    return of.flatMap((evidence, at) => {
      const after = judgements[at];
      return after === undefined ? [] : [{ evidence, after }];
    });
  };
  const judged = await judge(keys, await states.read(sweep, keys));
  if (!judging.policy.rules.some(({ type }) => type === 'unaudited')) return judged;

  // Only unknown keys need the time since when they are unknown.
  const unknown = judged.flatMap(({ evidence, after }) => (after.known ? [] : [evidence]));
  const known = await states.readKnown(sweep, unknown);
  const again = await judge(
    unknown.filter(({ id }) => known.has(id)),
    known,
  );
  const newer = new Map(again.map((one) => [one.evidence.id, one]));
  return judged.map((one) => newer.get(one.evidence.id) ?? one);
}
