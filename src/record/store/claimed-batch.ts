import type { History } from '../../evaluate/history/history.ts';
import type { KeyMemory } from '../../evaluate/history/key-state.ts';
import type { Judgement } from '../../evaluate/judgement.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';
import type { Observation, UnknownReason } from '../../keys/observation.ts';
import type { TrackedKey } from '../../keys/tracked-key.ts';
import type { DatabaseClock } from '../../timing/database-clock.ts';
import type { BatchKeys } from './packs/listed-batches.ts';

/** A key of a batch that has no verdict yet. `row` is its id in the records. */
export interface PendingKey {
  readonly row: number;
  readonly entry: number;
  readonly entryHash: Uint8Array;
  readonly attempts: number;
  readonly key: TrackedKey;
  /** What was remembered of the key when the batch was claimed. */
  readonly memory: KeyMemory;
  readonly history: History;
}

/** A batch that this worker holds. It may write only while its `fence` equals that of the row. */
export interface ClaimedBatch {
  readonly sweepId: string;
  readonly sweepRow: number;
  readonly batch: number;
  readonly source: string;
  readonly fence: number;
  /** All its keys, those with a verdict too. */
  readonly list: BatchKeys;
  /** Of its sweep: the salts of the key tree are made from it. */
  readonly seed: Uint8Array;
  readonly schedule: string | null;
  readonly asOf: Date;
  readonly deadlineAt: Date;
  readonly policy: Policy;
  readonly policyRow: number;
  readonly sourceRefused: boolean;
  readonly keys: readonly PendingKey[];
  /** The database's clock as it stood when the batch was claimed. */
  readonly clock: DatabaseClock;
}

/** A key with its final verdict in this sweep. */
export interface JudgedKey {
  readonly pending: PendingKey;
  readonly observation: Observation;
  readonly judgement: Judgement;
}

/** A key that is to be asked again. `attempts`: how many it has used up now. */
export interface UnansweredKey {
  readonly pending: PendingKey;
  readonly attempts: number;
  readonly reason: UnknownReason;
  readonly detail: string;
}

export interface BatchOutcome {
  readonly judged: readonly JudgedKey[];
  readonly unanswered: readonly UnansweredKey[];
  /** The source refused the credentials, so no other batch of the sweep needs to try them. */
  readonly sourceRefused: boolean;
  /** How long the batch waits before its unanswered keys are asked again. */
  readonly retryInMs: number;
}
