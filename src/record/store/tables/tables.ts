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
import type { FindingEventTable, FindingTable } from './finding-tables.ts';
import type {
  CheckpointTable,
  LogFactTable,
  LogHeadTable,
  LogLeafTable,
  LogObjectTable,
  LogTileTable,
} from './log-tables.ts';
import type {
  ReviewDecisionTable,
  ReviewKeyTable,
  ReviewLinkTable,
  ReviewNoticeTable,
  ReviewScheduleTable,
  ReviewSheetTable,
  ReviewTable,
} from './review-tables.ts';
import type {
  AdoptedSealTable,
  KeyListTable,
  KeyResultTable,
  PackTable,
  SweepBatchTable,
  SweepTable,
  Trigger,
} from './sweep-tables.ts';

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
  /** By rule: findings that were only seen again since their rows were written. */
  sightings: Json<Record<string, { at: string; facts: unknown }>> | null;
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
  requested_known: string | null;
  requested_subject: string | null;
  requested_mail: string | null;
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

/** Sources that asked us to stay away for long. */
export interface SourceWaitTable {
  source: string;
  until: Date;
  probe_at: Date;
  reason: number;
  detail: string;
}

export interface ObservationTable {
  id: Generated<number>;
  hash: Buffer;
  content: Json<unknown>;
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
  subject: string | null;
  mail: string | null;
  login: string | null;
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
  adopted_seal: AdoptedSealTable;
  log_head: LogHeadTable;
  log_leaf: LogLeafTable;
  log_tile: LogTileTable;
  log_object: LogObjectTable;
  log_fact: LogFactTable;
  checkpoint: CheckpointTable;
  contact: ContactTable;
  fleet_group: FleetGroupTable;
  canary: CanaryTable;
  session: SessionTable;
  review_schedule: ReviewScheduleTable;
  review: ReviewTable;
  review_sheet: ReviewSheetTable;
  review_link: ReviewLinkTable;
  review_key: ReviewKeyTable;
  review_decision: ReviewDecisionTable;
  review_notice: ReviewNoticeTable;
}
