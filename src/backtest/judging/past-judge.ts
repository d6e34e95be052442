import type { EvaluateInput } from '../../evaluate/evaluate.ts';
import type { Judgement } from '../../evaluate/judgement.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';

/** A key as it was known at one instant. */
export type PastKey = Omit<EvaluateInput, 'policy'>;

/** Judges keys under one policy. */
export interface PastJudge {
  readonly policy: Policy;
  /** One judgement per key, in their order. */
  judge(keys: readonly PastKey[]): Promise<readonly Judgement[]>;
  close(): Promise<void>;
}

/** Reads the policy of this text. Throws `UnreadablePolicy`. */
export type OpenPastJudge = (policyText: string) => Promise<PastJudge>;
