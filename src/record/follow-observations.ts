import { sql } from 'kysely';
import { readInstant } from '../evaluate/read-instant.ts';
import type { ClaimedBatch } from './claim-batch.ts';
import type { RecordsTransaction } from './database.ts';
import type { KeyBefore, ObservedRow } from './observed-row.ts';
import { sweepRows } from './sweep-rows.ts';

/**
 * Remembers what the keys' findings follow now, as it stands in the rows of this sweep, and what the
 * next sweep compares them with: of each field what could be read last.
 */
export async function followObservations(
  tx: RecordsTransaction,
  { sweepRow, asOf }: ClaimedBatch,
  rows: readonly ObservedRow[],
  before: ReadonlyMap<number, KeyBefore>,
): Promise<void> {
  if (rows.length === 0) return;
  const known = rows.filter(({ key }) => key.judgement.known).map(({ row }) => row);
  const unread = rows.filter((one) => !saysLastUse(one)).map(({ row }) => row);
  const fields = rows
    .filter(({ row, observation_id }) => before.get(row)?.observation_id !== observation_id)
    .flatMap(readFields);
  const keyRows = rows.map(({ row }) => row);
  await sql`
    update keysweep.tracked_key k set observed_at = s.observed_at, last_used = s.last_used,
      observation_id = s.observation_id, observed_entry_id = s.entry_id,
      known_at = case when k.id = any (${known}::integer[])
        then greatest(k.known_at, ${asOf}::timestamptz) else k.known_at end,
      seen_at = case when k.id = any (${unread}::integer[]) then k.seen_at else s.observed_at end,
      seen_last_used = case when k.id = any (${unread}::integer[])
        then k.seen_last_used else s.last_used end
      ${fields.length === 0 ? sql`` : newFields}
    from ${sweepRows(sweepRow, keyRows)}
      ${fields.length === 0 ? sql`` : withFields(fields)}
    where k.id = s.key_id
  `.execute(tx);
}

function saysLastUse({ key: { observation } }: ObservedRow): boolean {
  if (observation.kind !== 'present') return false;
  const { lastUsed } = observation.details;
  return lastUsed === null || readInstant(lastUsed) !== undefined;
}

function readFields({ row, key: { observation } }: ObservedRow) {
  if (observation.kind !== 'present') return [];
  const { createdOn, type, lastFour, scopes } = observation.details;
  return [{ row, created_on: createdOn, type, last_four: lastFour, scopes }];
}

/** Only keys of which the vendor says something new have any: on most nights, few. */
const newFields = sql`,
  seen_created_on = coalesce(n.created_on, k.seen_created_on),
  seen_type = coalesce(n.type, k.seen_type),
  seen_last_four = coalesce(n.last_four, k.seen_last_four),
  first_scopes = coalesce(k.first_scopes, n.scopes)`;

function withFields(fields: readonly object[]) {
  return sql`left join jsonb_to_recordset(${JSON.stringify(fields)}::jsonb)
    as n (row integer, created_on timestamptz, type text, last_four text, scopes text[])
    on n.row = s.key_id`;
}
