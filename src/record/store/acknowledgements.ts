import { sql } from 'kysely';
import type { Acknowledgement } from '../../report/model.ts';

/** What `joinAcknowledgement` adds to a row; null unless the finding was acknowledged. */
export interface AcknowledgementColumns {
  readonly acknowledged_by: string | null;
  readonly acknowledged_as: string | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_reason: string | null;
}

export const acknowledgementColumns = sql`a.note->>'by' as acknowledged_by,
  a.note->>'asserted' as acknowledged_as,
  a.at as acknowledged_at, a.note->>'reason' as acknowledged_reason`;

/** Joins the event that acknowledged the finding `f`. Events stay as long as their finding. */
export const joinAcknowledgement = sql`left join lateral (
  select v.note, v.at from keysweep.finding_event v
  where v.finding_id = f.id and v.resolution = 'acknowledged' order by v.id desc limit 1
) a on f.resolution = 'acknowledged'`;

export function toAcknowledgement({
  acknowledged_by: by,
  acknowledged_as: asserted,
  acknowledged_at: at,
  acknowledged_reason: reason,
}: AcknowledgementColumns): Acknowledgement | null {
  if (by === null || at === null) return null;
  return { by, ...(asserted === null ? {} : { asserted }), at, reason: reason ?? '' };
}
