import { sql } from 'kysely';
import { readInstant } from '../../evaluate/read-instant.ts';
import type { ClaimedBatch } from '../store/claimed-batch.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { KeyBefore, ObservedRow } from '../store/observed-row.ts';
import { sweepRowsOf } from '../store/sweep-rows.ts';

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
  const isNew = ({ row, observation_id }: ObservedRow) =>
    before.get(row)?.observation_id !== observation_id;
  const anyNew = rows.some(isNew);
  await sql`
    update keysweep.tracked_key k set observed_at = s.observed_at, last_used = s.last_used,
      observation_id = s.observation_id, observed_entry_id = s.entry_id,
      known_at = case when wanted.known
        then greatest(k.known_at, ${asOf}::timestamptz) else k.known_at end,
      seen_at = case when wanted.used then s.observed_at else k.seen_at end,
      seen_last_used = case when wanted.used then s.last_used else k.seen_last_used end
      ${anyNew ? newFields : sql``}
    from ${sweepRowsOf(sweepRow, anyNew ? wantFields(rows) : want(rows))}
    where k.id = s.key_id
  `.execute(tx);
}

function saysLastUse({ key: { observation } }: ObservedRow): boolean {
  if (observation.kind !== 'present') return false;
  const { lastUsed } = observation.details;
  return lastUsed === null || readInstant(lastUsed) !== undefined;
}

const longestName = 500;

const newFields = sql`,
  seen_created_on = coalesce(wanted.created_on, k.seen_created_on),
  seen_type = coalesce(wanted.type, k.seen_type),
  seen_last_four = coalesce(wanted.last_four, k.seen_last_four),
  seen_name = coalesce(wanted.name, k.seen_name),
  first_scopes = coalesce(k.first_scopes, wanted.scopes::text[])`;

function want(rows: readonly ObservedRow[]) {
  return sql`unnest(${common(rows)}) as wanted (key_id, known, used)`;
}

/**
 * With the fields, where the vendor says something new of a key: on most nights of few. All in one
 * list: with the fields in a second one, joined to it, a key took 14 µs longer.
 */
function wantFields(rows: readonly ObservedRow[]) {
  const fields = rows.map(({ key: { observation } }) =>
    observation.kind === 'present' ? observation.details : undefined,
  );
  return sql`unnest(${common(rows)},
      ${fields.map((one) => (readInstant(one?.createdOn) === undefined ? null : one?.createdOn))}::timestamptz[],
      ${fields.map((one) => one?.type ?? null)}::text[],
      ${fields.map((one) => one?.lastFour ?? null)}::text[],
      ${fields.map((one) => nameOf(one?.name))}::text[],
      ${fields.map((one) => (one?.scopes === undefined ? null : toArray(one.scopes)))}::text[]
    ) as wanted (key_id, known, used, created_on, type, last_four, name, scopes)`;
}

/** Only alerts show it, which cut names anyway. */
function nameOf(name: string | undefined): string | null {
  return name === undefined || name === ''
    ? null
    : name.slice(0, longestName).replace(/[\ud800-\udbff]$/, '');
}

function common(rows: readonly ObservedRow[]) {
  return sql`${rows.map(({ row }) => row)}::integer[],
    ${rows.map(({ key }) => key.judgement.known)}::boolean[],
    ${rows.map(saysLastUse)}::boolean[]`;
}

/** An array as text: one of arrays would have to have all of the same length. */
function toArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
