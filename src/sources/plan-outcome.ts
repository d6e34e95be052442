import { evaluate } from '../evaluate/evaluate.ts';
import type { CompiledPolicy } from '../evaluate/policy/compile-policy.ts';
import type { Observation } from '../keys/observation.ts';
import type {
  BatchOutcome,
  JudgedKey,
  PendingKey,
  UnansweredKey,
} from '../record/store/claimed-batch.ts';
import type { Answer } from './key-source.ts';

/** One key and the client's answer for it. */
export interface AskedKey {
  readonly pending: PendingKey;
  readonly answer: Answer;
}

/** The terms for judging a batch's answers. `attempts`: how many a key has in one sweep. */
export interface OutcomeTerms {
  readonly policy: CompiledPolicy;
  readonly asOf: Date;
  readonly now: Date;
  readonly usageLagMs: number;
  readonly attempts: number;
}

/** An outcome, and the longest time that the vendor asked us to wait. */
export interface PlannedOutcome extends BatchOutcome {
  readonly retryAfterMs: number;
}

/**
 * Decides which keys have their verdict now and which are asked again: those that failed for a
 * passing reason, until they have used up their attempts. A rate-limited answer uses up none.
 */
export function planOutcome(asked: readonly AskedKey[], terms: OutcomeTerms): PlannedOutcome {
  const judged: JudgedKey[] = [];
  const unanswered: UnansweredKey[] = [];
  let retryAfterMs = 0;
  for (const { pending, answer } of asked) {
    if (answer.kind === 'observed') {
      judged.push(judge({ pending, observation: answer.observation }, terms));
      continue;
    }
    const { reason, detail } = answer;
    const attempts = pending.attempts + (answer.counts ? 1 : 0);
    if (attempts >= terms.attempts) {
      const observation: Observation = { kind: 'unknown', at: terms.now, reason, detail };
      judged.push(judge({ pending, observation }, terms));
      continue;
    }
    unanswered.push({ pending, attempts, reason });
    retryAfterMs = Math.max(retryAfterMs, answer.retryAfterMs ?? 0);
  }
  const sourceRefused = asked.some(({ answer }) => answer.kind === 'observed' && answer.refusesAll);
  return { judged, unanswered, retryAfterMs, sourceRefused };
}

function judge(
  { pending, observation }: Omit<JudgedKey, 'judgement'>,
  { policy, asOf, usageLagMs }: OutcomeTerms,
): JudgedKey {
  const { key, history } = pending;
  const judgement = evaluate({ observation, key, policy, asOf, usageLagMs, history });
  return { pending, observation, judgement };
}

/** The answer for a key whose source has already refused its credentials in this sweep. */
export function planRefused(pending: PendingKey, now: Date): AskedKey {
  const detail = 'the source refused its credentials earlier in this sweep';
  const observation: Observation = { kind: 'unknown', at: now, reason: 'unauthorized', detail };
  return { pending, answer: { kind: 'observed', observation, refusesAll: true } };
}
