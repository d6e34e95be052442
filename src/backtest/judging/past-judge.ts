import type { EvaluateInput } from '../../evaluate/evaluate.ts';
import type { Judgement } from '../../evaluate/judgement.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';
import type { Approval } from '../../evaluate/waivers/approvals.ts';

/** A key as it was known at one instant. */
export type PastKey = Omit<EvaluateInput, 'policy'>;

/** Judges keys under one policy. */
export interface PastJudge {
  readonly policy: Policy;
  /** One judgement per key, in their order. */
  judge(keys: readonly PastKey[]): Promise<readonly Judgement[]>;
  close(): Promise<void>;
}

/** The policy to judge by. */
export interface PolicyToJudge {
  readonly text: string;
  /** What was approved of waivers; null: nobody has to sign in, so all of its waivers count. */
  readonly approvals: readonly Approval[] | null;
}

/** Reads the policy of this text. Throws `UnreadablePolicy`. */
export type OpenPastJudge = (
  text: PolicyToJudge['text'],
  approvals: PolicyToJudge['approvals'],
) => Promise<PastJudge>;
