import { sql } from 'kysely';
import { reviewRevoke } from '../../../evaluate/history/finding-type.ts';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import type { Records } from '../../store/database.ts';

interface WrongFacts {
  readonly source: string;
  readonly keyId: string;
  readonly sweep: string;
  readonly rule: string;
  readonly was: string;
  readonly is: string;
}

const mostNamed = 1_000;

/**
 * Compares why findings are open, as their rows say it, with how the newest full sweep judged their
 * keys, where no other sweep saw them since. Facts with a past are joined with earlier ones, so
 * nothing else knows them.
 */
export async function checkOpenFacts(db: Records, note: NoteDifference): Promise<void> {
  const { rows } = await sql<WrongFacts>`
    with newest as materialized (
      select id, uuid, opened_at from keysweep.sweep
      where scope = 'full' and closed_at is not null and not simulated order by closing desc limit 1
    )
    select f.source, f.key_text as "keyId", w.uuid as sweep, f.rule, told.facts::text as was,
      f.facts::text as "is"
    from newest w
    cross join lateral (
      select * from keysweep.sweep_key s where s.sweep_id = w.id offset 0
    ) r
    join keysweep.finding f on f.key_id = r.key_id
      and f.last_seen_at = date_trunc('milliseconds', w.opened_at)
    cross join lateral (
      select x -> 1 as facts from jsonb_array_elements(r.judgement -> 'v') x
      where x ->> 0 = f.rule
    ) told
    where f.state <> 'resolved' and f.rule <> ${reviewRevoke} and not told.facts ? 'past'
      and f.facts <> told.facts
    order by f.source, f.key_text, f.rule limit ${mostNamed}
  `.execute(db);
  const where = { code: 'finding-field', field: 'facts' } as const;
  for (const row of rows) note({ ...where, ...row });
}
