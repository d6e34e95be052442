import type { Observation } from '../../keys/observation.ts';
import type { Facts, Judgement } from '../judgement.ts';
import type { Policy } from '../policy/policy.ts';
import type { History } from './history.ts';

/** What can change the state of a key. */
export type KeyOutcome =
  | Observed
  /** A full sweep closed without the key: it had left the inventory. */
  | { readonly kind: 'untracked' }
  /** Waivers that end at `at` or earlier have ended. */
  | { readonly kind: 'lapsed'; readonly at: Date }
  /** The owner decided in a review to revoke the key; `policy` is the one in force. */
  | {
      readonly kind: 'revoke-decided';
      readonly facts: Facts;
      readonly at: Date;
      readonly policy: number;
    }
  /** Somebody has acknowledged the event of this rule. */
  | { readonly kind: 'acknowledged'; readonly rule: string };

/**
 * A sweep has observed and judged the key. `asOf`: when the sweep was opened. `now`: when this is
 * recorded. `judgedWith`: the history that the key was judged with. A sweep that runs at the same
 * time may have recorded more of the key since.
 */
export interface Observed {
  readonly kind: 'observed';
  readonly observation: Observation;
  readonly judgement: Judgement;
  readonly policy: Policy;
  readonly asOf: Date;
  readonly now: Date;
  readonly judgedWith: Pick<History, 'knownAt' | 'openEvents'>;
  readonly stored: Stored;
}

/**
 * The records' ids of the observation's content, the inventory entry and the policy. They decide
 * only why a finding ends: because the key changed, or because the policy did.
 */
export interface Stored {
  readonly content: number | null;
  readonly entry: number | null;
  readonly policy: number | null;
}

/** For outcomes outside of the records, where it does not matter why a finding ended. */
export const notStored: Stored = { content: null, entry: null, policy: null };
