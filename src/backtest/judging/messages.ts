import type { Fault } from '../../documents/mistake.ts';
import type { Judgement } from '../../evaluate/judgement.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';
import type { PastKey, PolicyToJudge } from './past-judge.ts';

/** What the thread is started with. */
export type ThreadPolicy = PolicyToJudge;

/** The keys to judge; the thread answers each list once, in their order. */
export type ToJudge = readonly PastKey[];

/** First the policy as it was read, or why it is not valid; then judgements. */
export type FromJudge =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'invalid'; readonly message: string; readonly faults: readonly Fault[] }
  | { readonly kind: 'judged'; readonly judgements: readonly Judgement[] };
