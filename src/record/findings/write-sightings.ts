import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';
import { lastFacts, lastSeenAt } from '../store/findings/sightings.ts';
import type { SightedKey } from './plan-sightings.ts';

/**
 * Moves the last sighting of findings that stay open unseen into their rows, before their key is
 * written without it. The caller has locked them.
 */
export async function keepUnseen(
  tx: RecordsTransaction,
  keys: readonly SightedKey[],
): Promise<void> {
  const unseen = keys.flatMap(({ row, unseen: rules }) => rules.map((rule) => ({ row, rule })));
  if (unseen.length === 0) return;
  await sql`
    update keysweep.finding f set facts = ${lastFacts}, last_seen_at = ${lastSeenAt}
    from unnest(
      ${unseen.map(({ row }) => row)}::integer[], ${unseen.map(({ rule }) => rule)}::text[]
    ) as n (key_id, rule)
    join keysweep.tracked_key k on k.id = n.key_id and k.sightings ? n.rule
    where f.key_id = n.key_id and f.rule = n.rule
  `.execute(tx);
}

/**
 * Adds sightings of keys whose memory stays as it is, and removes those of findings whose rows now
 * say more. The caller has locked the keys.
 */
export async function addSightings(
  tx: RecordsTransaction,
  keys: readonly SightedKey[],
): Promise<void> {
  const seen = keys.filter(({ sightings }) => sightings !== null);
  const moved = keys.flatMap(({ row, moves }) =>
    moves
      .filter(({ transition }) => transition.was !== null)
      .map(({ transition }) => ({ row, rule: transition.rule })),
  );
  if (moved.length > 0) await removeSightings(tx, moved);
  if (seen.length === 0) return;
  await sql`
    update keysweep.tracked_key k
    set sightings = coalesce(k.sightings, '{}') || n.sightings::jsonb
    from unnest(
      ${seen.map(({ row }) => row)}::integer[], ${seen.map(sightingsText)}::text[]
    ) as n (key_id, sightings)
    where k.id = n.key_id
  `.execute(tx);
}

async function removeSightings(
  tx: RecordsTransaction,
  moved: readonly { readonly row: number; readonly rule: string }[],
): Promise<void> {
  await sql`
    update keysweep.tracked_key k set sightings = k.sightings - n.rules
    from (
      select key_id, array_agg(rule) as rules from unnest(
        ${moved.map(({ row }) => row)}::integer[], ${moved.map(({ rule }) => rule)}::text[]
      ) as m (key_id, rule) group by key_id
    ) n
    where k.id = n.key_id and k.sightings ?| n.rules
  `.execute(tx);
}

export function sightingsText({ sightings }: Pick<SightedKey, 'sightings'>): string | null {
  return sightings === null ? null : JSON.stringify(sightings);
}
