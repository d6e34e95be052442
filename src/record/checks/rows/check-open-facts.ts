import { sql } from 'kysely';
import { reviewRevoke } from '../../../evaluate/history/finding-type.ts';
import type { NoteDifference, RecordDifference } from '../../../evidence/differences/difference.ts';
import type { Records } from '../../store/database.ts';
import { lastFacts, lastSeenAt } from '../../store/findings/sightings.ts';

interface WrongSighting {
  readonly source: string;
  readonly keyId: string;
  readonly sweep: string;
  readonly rule: string;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly told: string;
  readonly facts: string;
  readonly isSeen: boolean;
}

const mostNamed = 1_000;

/**
 * Compares why findings are open and when they were last seen, as their rows and those of their keys
 * say it, with how the newest full sweep judged the keys, where no other sweep saw them since. Facts
 * with a past are joined with earlier ones, so nothing else knows them.
 */
export async function checkOpenFacts(db: Records, note: NoteDifference): Promise<void> {
  const { rows } = await sql<WrongSighting>`
    with newest as materialized (
      select id, uuid, opened_at from keysweep.sweep
      where scope = 'full' and closed_at is not null and not simulated order by closing desc limit 1
    ), seen as (
      select f.source, f.key_text as "keyId", w.uuid as sweep, f.rule, w.opened_at as "openedAt",
        ${lastSeenAt} as "lastSeenAt", told.facts::text as told, (${lastFacts})::text as facts,
        not told.facts ? 'past' and ${lastFacts} <> told.facts as "isOther",
        k.observed_at = r.observed_at and k.verdict_at = r.observed_at as "isNewest"
      from newest w
      cross join lateral (
        select * from keysweep.sweep_key s where s.sweep_id = w.id offset 0
      ) r
      join keysweep.finding f on f.key_id = r.key_id
      join keysweep.tracked_key k on k.id = f.key_id
      cross join lateral (
        select x -> 1 as facts from jsonb_array_elements(r.judgement -> 'v') x
        where x ->> 0 = f.rule
      ) told
      where f.state <> 'resolved' and f.rule <> ${reviewRevoke}
    )
    select *, ${isSeen} as "isSeen" from seen
    where (${isSeen} and "isOther") or (not ${isSeen} and "isNewest")
    order by source, "keyId", rule limit ${mostNamed}
  `.execute(db);
  for (const row of rows) note(toDifference(row));
}

const isSeen = sql`"lastSeenAt" = date_trunc('milliseconds', "openedAt")`;

function toDifference(row: WrongSighting): RecordDifference {
  const { source, keyId, sweep, rule, isSeen: seen, openedAt, lastSeenAt, told, facts } = row;
  const where = { code: 'finding-field', source, keyId, sweep, rule } as const;
  if (seen) return { ...where, field: 'facts', was: told, is: facts };
  const [was, is] = [openedAt, lastSeenAt].map((at) => at.toISOString());
  return { ...where, field: 'last seen', was, is };
}
