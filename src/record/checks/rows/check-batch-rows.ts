import { sql } from 'kysely';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import type { Records } from '../../store/database.ts';

interface WrongField {
  readonly batch: number;
  readonly source: string;
  readonly keys: number;
  readonly field: string;
  readonly was: string | null;
  readonly is: string | null;
}

/**
 * Compares what the rows of a closed sweep repeat of its packs and key lists, so that whoever reads
 * finds the keys and need not count them: none of it is under the hash of a pack or a list.
 */
export async function checkBatchRows(
  db: Records,
  sweepRow: number,
  where: { readonly leaf: number; readonly sweep: string },
  note: NoteDifference,
): Promise<void> {
  const { rows } = await sql<WrongField>`
    select b.batch, b.source, cardinality(l.key_ids) as keys, x.field, x.was, x."is"
    from keysweep.sweep_batch b
    join keysweep.key_list l on l.id = b.list_id
    join keysweep.pack p on p.sweep_id = b.sweep_id and p.batch = b.batch
    cross join lateral (
      select count(*) filter (where k.verdict = 1) as pass,
        count(*) filter (where k.verdict = 2) as fail,
        count(*) filter (where k.verdict = 3) as waived,
        count(*) filter (where k.verdict = 4) as unknown,
        count(*) filter (where k.verdict <> 4 and k.judgement ? 'u') as partial
      from unnest(p.verdicts, p.judgements) as k (verdict, judgement)
    ) made
    cross join lateral (values
      ('finished', 'yes', case when b.done_at is null then 'no' else 'yes' end),
      ('first key', l.key_ids[1]::text, b.first_key::text),
      ('first key of its list', l.key_ids[1]::text, l.first_key::text),
      ('last key of its list', l.key_ids[cardinality(l.key_ids)]::text, l.last_key::text),
      ('pass', made.pass::text, p.pass::text),
      ('fail', made.fail::text, p.fail::text),
      ('waived', made.waived::text, p.waived::text),
      ('unknown', made.unknown::text, p.unknown::text),
      ('partial', made.partial::text, p.partial::text)
    ) as x (field, was, "is")
    where b.sweep_id = ${sweepRow} and x.was is distinct from x."is"
    order by b.batch
  `.execute(db);
  for (const { batch, source, keys, field, was, is } of rows) {
    const place = `batch ${batch} of ${source} (${keys} keys)`;
    note({ code: 'batch-row', ...where, place, field, was: was ?? 'none', is: is ?? 'none' });
  }
}
