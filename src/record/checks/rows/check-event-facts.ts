import { sql } from 'kysely';
import { reviewRevoke } from '../../../evaluate/history/finding-type.ts';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import type { Records } from '../../store/database.ts';
import { readInPages } from '../../store/paging/read-in-pages.ts';
import type { ToldSweep } from '../check-packs.ts';

interface WrongFacts {
  readonly source: string;
  readonly keyId: string;
  readonly rule: string;
  readonly was: string;
  readonly is: string;
}

const rowsAtOnce = 1_000;

/**
 * Compares, in a view, why a sweep opened findings, as their events say it, with how it judged their
 * keys. Facts with a past are joined with earlier ones, so only their sweep knows them.
 */
export async function checkEventFacts(
  db: Records,
  { id, uuid, leaf }: ToldSweep,
  note: NoteDifference,
): Promise<void> {
  const wrong = sql<WrongFacts>`
    select f.source, f.key_text as "keyId", f.rule, told.facts::text as was, v.facts::text as "is"
    from keysweep.finding_event v
    join keysweep.finding f on f.id = v.finding_id
    join keysweep.sweep w on w.id = v.sweep_id
    cross join lateral keysweep.sweep_key_of(v.sweep_id, f.key_id) r
    cross join lateral (
      select x -> 1 as facts from jsonb_array_elements(r.judgement -> 'v') x
      where x ->> 0 = f.rule
    ) told
    where v.sweep_id = ${id} and v.kind in ('opened', 'reopened', 'waived')
      and v.at <= w.closed_at and f.rule <> ${reviewRevoke} and not told.facts ? 'past'
      and v.facts <> told.facts
    order by v.id
  `;
  const where = { code: 'event-changed', leaf: leaf.n, sweep: uuid, field: 'facts' } as const;
  for await (const rows of readInPages(db, wrong, rowsAtOnce)) {
    for (const row of rows) note({ ...where, ...row });
  }
}
