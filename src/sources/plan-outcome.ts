import { evaluate } from '../evaluate/evaluate.ts';
import type { CompiledPolicy } from '../evaluate/policy/compile-policy.ts';
import type { Observation } from '../keys/observation.ts';
import type {
  BatchOutcome,
  JudgedKey,
  PendingKey,
  UnansweredKey,
} from '../record/store/claimed-batch.ts';
import type { SourceAway, SourceWait } from '../record/sweeps/source-waits.ts';
import type { Answer } from './key-source.ts';
import { planPatience } from './plan-patience.ts';

/** A worker's own pause, which began a little earlier, is over when the source is probed. */
const marginMs = 2_000;

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
  /** Whether the sweep can wait for an outage to pass. */
  readonly patient: boolean;
}

/**
 * Decides which keys have their verdict now and which are asked again: those that failed for a
 * passing reason, until they have used up their attempts. A rate-limited answer uses up none.
 */
export function planOutcome(asked: readonly AskedKey[], terms: OutcomeTerms): BatchOutcome {
  const judged: JudgedKey[] = [];
  const unanswered: UnansweredKey[] = [];
  let retryAt = terms.now;
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
    unanswered.push({ pending, attempts, reason, detail });
    if (answer.retryAt !== undefined && answer.retryAt > retryAt) retryAt = answer.retryAt;
  }
  const sourceRefused = asked.some(({ answer }) => answer.kind === 'observed' && answer.refusesAll);
  const most = Math.max(0, ...unanswered.map((key) => key.attempts));
  const askedMs = retryAt.getTime() - terms.now.getTime();
  const retryInMs = planPatience({ patient: terms.patient, attempts: most, askedMs });
  return { judged, unanswered, retryInMs, sourceRefused };
}

function judge(
  { pending, observation }: Omit<JudgedKey, 'judgement'>,
  { policy, asOf, usageLagMs }: OutcomeTerms,
): JudgedKey {
  const { key, history } = pending;
  const judgement = evaluate({ observation, key, policy, asOf, usageLagMs, history });
  return { pending, observation, judgement };
}

/** The answer for a key whose source is not asked now, because it asked us to stay away. */
export function planAway(pending: PendingKey, away: SourceAway, now: Date): AskedKey {
  const { reason, retryInMs } = away;
  const detail = `the source asked us to stay away: ${away.detail}`;
  const retryAt = new Date(now.getTime() + retryInMs);
  return { pending, answer: { kind: 'unanswered', reason, detail, counts: false, retryAt } };
}

/** The wait that a source asked for, if one of these answers says so: the longest. */
export function planSourceWait(asked: readonly AskedKey[], now: Date): SourceWait | undefined {
  let longest: SourceWait | undefined;
  for (const { answer } of asked) {
    if (answer.kind !== 'unanswered' || answer.awayMs === undefined) continue;
    const { awayMs, reason, detail, retryAt } = answer;
    if (awayMs <= (longest?.awayMs ?? 0)) continue;
    const waitMs = retryAt === undefined ? awayMs : retryAt.getTime() - now.getTime();
    longest = { awayMs, probeInMs: Math.max(0, waitMs) + marginMs, reason, detail };
  }
  return longest;
}

/** The key to probe a source with: the one that has used up the fewest attempts. */
export function planProbe(keys: readonly PendingKey[]): PendingKey | undefined {
  return [...keys].sort((one, other) => one.attempts - other.attempts)[0];
}

/** The answer for a key whose source has already refused its credentials in this sweep. */
export function planRefused(pending: PendingKey, now: Date): AskedKey {
  const detail = 'the source refused its credentials earlier in this sweep';
  const observation: Observation = { kind: 'unknown', at: now, reason: 'unauthorized', detail };
  return { pending, answer: { kind: 'observed', observation, refusesAll: true } };
}
