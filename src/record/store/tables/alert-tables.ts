import type { Generated } from 'kysely';
import type { AlertState } from '../../../report/alerts-model.ts';
import type { Written } from './column-types.ts';

export interface AlertTable {
  id: Generated<string>;
  sweep_id: number | null;
  channel: string;
  type: string;
  part: number;
  parts: number;
  format: string;
  body: string;
  /** The one thing it is about, by `incidentKey`; null where there are several. */
  incident: string | null;
  state: Written<AlertState>;
  attempts: Written<number>;
  planned_at: Generated<Date>;
  next_at: Generated<Date>;
  fence: Written<number>;
  leased_until: Date | null;
  /** Which claim took it last. */
  claim: string | null;
  ended_at: Date | null;
  reached: Written<string[]>;
  /** In the order of planning. */
  place: Generated<string>;
  /** When somebody asked to have it tried again. */
  retried_at: Date | null;
  /** Why the last attempt failed, or which recipients refused. */
  detail: string | null;
}

/** Which events an alert reports. */
export interface AlertEventTable {
  alert_id: string;
  event_id: string;
  finding_id: number;
}

/**
 * `alert_id` waits for the end of `after_id`, an alert to the same channel about the same findings.
 */
export interface AlertAfterTable {
  alert_id: string;
  after_id: string;
}

/** When a channel takes its next message. */
export interface ChannelPaceTable {
  channel: string;
  free_at: Date;
}

export interface DeliveryTable {
  id: Generated<string>;
  alert_id: string;
  attempt: number;
  started_at: Generated<Date>;
  ended_at: Date | null;
  outcome: 'delivered' | 'passing' | 'permanent' | null;
  detail: string | null;
}

/** When a worker that sends alerts last reached the database. */
export interface ContactTable {
  single: Generated<boolean>;
  seen_at: Date;
}
