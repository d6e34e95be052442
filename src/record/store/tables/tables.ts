import type { Generated } from 'kysely';
import type {
  AlertAfterTable,
  AlertEventTable,
  AlertTable,
  ChannelPaceTable,
  ContactTable,
  DeliveryTable,
} from './alert-tables.ts';
import type { Json, Written } from './column-types.ts';

export interface InventoryEntryTable {
  id: Generated<number>;
  hash: Buffer;
  owner: string | null;
  environment: string | null;
  approved_scopes: string[] | null;
  tags: string[];
}

export interface TrackedKeyTable {
  id: Generated<number>;
  source: string;
  key_id: string;
  entry_id: number;
  tracked_at: Generated<Date>;
  untracked_at: Date | null;
  observed_at: Date | null;
  last_used: Date | null;
  observation_id: number | null;
  observed_entry_id: number | null;
  known_at: Date | null;
  first_scopes: string[] | null;
  seen_at: Date | null;
  seen_last_used: Date | null;
  seen_created_on: Date | null;
  seen_type: string | null;
  seen_last_four: string | null;
  seen_name: string | null;
  /** The newest verdict, and the instant of its observation. */
  verdict: number | null;
  verdict_at: Date | null;
}

export interface WaivedKeyTable {
  key_id: number;
  waiver_hash: string;
  digest: string;
  sweep_id: number;
  voided_at: Date | null;
}

export interface InventoryTable {
  single: Generated<boolean>;
  hash: string;
  mirrored_at: Generated<Date>;
}

export interface PolicyTable {
  id: Generated<number>;
  hash: string;
  version: string;
  text: string;
  stored_at: Generated<Date>;
}

export interface ScheduleTable {
  id: string;
  cron: string;
  timezone: string;
  first_seen_at: Generated<Date>;
  decided_until: Date;
}

export type TickOutcome = 'opened' | 'missed' | 'skipped' | 'waiting';
export interface TickTable {
  schedule: string;
  due_at: Date;
  outcome: TickOutcome;
  trigger: Trigger;
  sweep_id: number | null;
  decided_at: Generated<Date>;
  /** A row of missed ticks may stand for a run of them; `due_at` is the last. */
  first_due_at: Written<Date | null>;
  ticks: Written<number>;
  simulated: Written<boolean>;
}

export interface RequestTable {
  id: Generated<string>;
  scope: 'full' | 'partial';
  keys: Json<[string, string][]> | null;
  reason: string | null;
  requested_by: string | null;
  producer_job: string | null;
  asked_at: Generated<Date>;
  sweep_id: number | null;
  refused: string | null;
  /** The hashes of the files that the sender has read; null where they are not known. */
  policy_hash: string | null;
  inventory_hash: string | null;
  replaces_inventory: Written<boolean>;
}

/** Contents of files that the channels were alerted about. */
export interface RejectionTable {
  content: string;
  rejected_at: Generated<Date>;
}

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

/** Sources that asked us to stay away for long. */
export interface SourceWaitTable {
  source: string;
  until: Date;
  probe_at: Date;
  reason: number;
  detail: string;
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

export interface ObservationTable {
  id: Generated<number>;
  hash: Buffer;
  content: Json<unknown>;
}

export interface FindingTable {
  id: Generated<number>;
  key_id: number;
  /** The name of its key: source and key id. */
  source: string;
  key_text: string;
  rule: string;
  fingerprint: string;
  type: string;
  severity: string;
  state: 'open' | 'waived' | 'resolved';
  facts: Json<Record<string, unknown>>;
  controls: string[];
  policy_id: number;
  first_seen_at: Date;
  last_seen_at: Date;
  resolved_at: Date | null;
  resolution: string | null;
  opened_to: string[] | null;
  waiver: Json<{ id: string; hash: string; reason: string }> | null;
  waived_until: Date | null;
  told_at: Date | null;
  first_seen_simulated: Written<boolean>;
}

export interface FindingEventTable {
  id: Generated<string>;
  finding_id: number;
  sweep_id: number;
  kind: 'opened' | 'reopened' | 'resolved' | 'waived' | 'lapsed' | 'reminder';
  at: Generated<Date>;
  resolution: string | null;
  facts: Json<Record<string, unknown>>;
  planned_at: Date | null;
  /** The finding's state before; null for a new one. */
  was: 'open' | 'waived' | 'resolved' | null;
  note: Json<Record<string, string>> | null;
}

export interface SealTable {
  id: Generated<number>;
  sweep_id: number;
  previous: string | null;
  evidence: string;
  hash: string;
  sealed_at: Generated<Date>;
  /** 1: over rows of keys, by an earlier build. 2: over packs. */
  format: number;
  /** Whether the rows under a seal of format 1 had changed before they were packed. */
  differs: boolean | null;
}

/** Counts the keys of the full sweep that closed last. */
export interface FleetGroupTable {
  source: string;
  owner: string | null;
  environment: string | null;
  verdict: number;
  keys: number;
}

export interface CanaryTable {
  single: Generated<boolean>;
  finished_at: Date;
}

/** Browsers that are signed in. */
export interface SessionTable {
  id: Buffer;
  kind: 'token' | 'oidc';
  name: string;
  role: string;
  credential: Buffer;
  sealed: Buffer | null;
  started_at: Generated<Date>;
  ends_at: Date;
  forgotten_at: Date;
}

/** The tables of schema `keysweep`; what each is for stands in its migration. */
export interface Tables {
  inventory: InventoryTable;
  inventory_entry: InventoryEntryTable;
  tracked_key: TrackedKeyTable;
  waived_key: WaivedKeyTable;
  policy: PolicyTable;
  schedule: ScheduleTable;
  tick: TickTable;
  rejection: RejectionTable;
  request: RequestTable;
  sweep: SweepTable;
  sweep_batch: SweepBatchTable;
  source_wait: SourceWaitTable;
  key_list: KeyListTable;
  key_result: KeyResultTable;
  pack: PackTable;
  observation: ObservationTable;
  finding: FindingTable;
  finding_event: FindingEventTable;
  alert: AlertTable;
  alert_event: AlertEventTable;
  alert_after: AlertAfterTable;
  channel_pace: ChannelPaceTable;
  delivery: DeliveryTable;
  seal: SealTable;
  contact: ContactTable;
  fleet_group: FleetGroupTable;
  canary: CanaryTable;
  session: SessionTable;
}
