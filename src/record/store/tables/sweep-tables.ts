import type { Generated } from 'kysely';
import type { Json, Written } from './column-types.ts';

export type Trigger = 'schedule' | 'request' | 'catch-up';
export interface SweepTable {
  id: Generated<number>;
  uuid: Generated<string>;
  trigger: Trigger;
  schedule: string | null;
  due_at: Date | null;
  scope: 'full' | 'partial';
  policy_id: number;
  opened_at: Generated<Date>;
  deadline_at: Date;
  /** When somebody asked to end it early. */
  stopped_at: Date | null;
  closed_at: Date | null;
  status: 'complete' | 'incomplete' | null;
  open_batches: number;
  tracked: number;
  pass: Written<number>;
  fail: Written<number>;
  waived: Written<number>;
  unknown: Written<number>;
  partial: Written<number>;
  unknown_hash: Buffer | null;
  refused_sources: Written<string[]>;
  /** Whether the changes of the sweep wait, or how their waiting ended. */
  held: 'held' | 'released' | 'confirmed' | 'withdrawn' | null;
  held_ended_at: Date | null;
  anomaly: Json<unknown> | null;
  simulated: Written<boolean>;
  /** The ids of the waivers that count; null: all. */
  approved_waivers: readonly string[] | null;
  /** 32 bytes, from which the salts of the tree of its keys are made. */
  seed: Generated<Buffer>;
  /** The leaf of the evidence log that tells its closing. */
  leaf: string | null;
  /** Its place in the order of all closings. */
  closing: number | null;
}

export interface SweepBatchTable {
  sweep_id: number;
  batch: number;
  source: string;
  first_key: number;
  list_id: number | null;
  pending: number;
  round: Written<number>;
  attempts: Written<number>;
  fence_token: Written<number>;
  leased_until: Date | null;
  done_at: Date | null;
  asked_again_at: Date | null;
  waits_for: Json<{ keyId: string; reason: string; detail: string }> | null;
}

export interface KeyListTable {
  id: Generated<number>;
  hash: Buffer;
  first_key: number;
  last_key: number;
  key_ids: number[];
  entry_ids: number[];
}

export interface KeyResultTable {
  sweep_id: number;
  key_id: number;
  observation_id: number | null;
  batch: number;
  verdict: number | null;
  attempts: Written<number>;
  reason: number | null;
  observed_at: Date | null;
  last_used: Date | null;
  judgement: Json<unknown> | null;
}

export interface PackTable {
  sweep_id: number;
  batch: number;
  hash: Buffer;
  /** Null where an earlier build judged the batch. */
  keys_root: Buffer | null;
  pass: number;
  fail: number;
  waived: number;
  unknown: number;
  partial: number;
  observed_from: Date;
  verdicts: number[];
  observation_ids: (number | null)[];
  observed_ms: string[];
  last_used: (Date | null)[];
  judgements: unknown[] | null;
}

/** What chained the sweeps before there was a log. */
export interface AdoptedSealTable {
  id: Generated<number>;
  sweep_id: number;
  /** Its uuid; null where the sweep was pruned. */
  sweep: string | null;
  previous: string | null;
  evidence: string;
  hash: string;
  sealed_at: Generated<Date>;
  /** 1: over rows of keys, by an earlier build. 2: over packs. */
  format: number;
  /** Whether the rows under a seal of format 1 had changed before they were packed. */
  differs: boolean | null;
}
