import type { Generated } from 'kysely';
import type { Json, Written } from './column-types.ts';

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
  /** With `last_seen_at` as of when the row was written; its key may have a newer sighting. */
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
