import { sql } from 'kysely';
import type { Acknowledgement } from '../../../report/model.ts';
import { isKnown } from '../../../report/people/named-person.ts';

/** What `joinAcknowledgement` adds to a row; null unless the finding was acknowledged. */
export interface AcknowledgementColumns {
  readonly acknowledged_note: AcknowledgementNote | null;
  readonly acknowledged_at: Date | null;
}

/** What is kept with the event; texts only. */
export type AcknowledgementNote = Readonly<Record<string, string>>;

export const acknowledgementColumns = sql`a.note as acknowledged_note, a.at as acknowledged_at`;

/** Joins the event that acknowledged the finding `f`. Events stay as long as their finding. */
export const joinAcknowledgement = sql`left join lateral (
  select v.note, v.at from keysweep.finding_event v
  where v.finding_id = f.id and v.resolution = 'acknowledged' order by v.id desc limit 1
) a on f.resolution = 'acknowledged'`;

export function toAcknowledgement({
  acknowledged_note: note,
  acknowledged_at: at,
}: AcknowledgementColumns): Acknowledgement | null {
  return note === null || at === null ? null : readAcknowledgement(note, at);
}

/** An acknowledgement by an earlier build does not say how somebody was known. */
export function readAcknowledgement(note: AcknowledgementNote, at: Date): Acknowledgement {
  const { by = '', asserted, known, subject, mail, reason = '' } = note;
  return {
    by,
    ...(asserted === undefined ? {} : { asserted }),
    ...(isKnown(known) ? { known } : {}),
    ...(subject === undefined ? {} : { subject }),
    ...(mail === undefined ? {} : { mail }),
    at,
    reason,
  };
}
