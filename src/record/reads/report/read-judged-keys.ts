import { sql } from 'kysely';
import type { ReportKey } from '../../../report/model.ts';
import type { Records } from '../../store/database.ts';
import type { StoredJudgement } from '../../store/stored-judgement.ts';
import { readListedKeys } from './read-keys.ts';
import type { OrderedKey } from './report-order.ts';

export interface ReportedKey {
  readonly id: number;
  readonly key: ReportKey;
  readonly judgement: StoredJudgement | null;
}

/** These keys in their order, each with what the sweep judged of it. */
export async function readJudgedKeys(
  db: Records,
  sweepRow: number,
  listed: readonly OrderedKey[],
): Promise<readonly ReportedKey[]> {
  const judgements = await readJudgements(db, sweepRow, listed);
  const keys = await readListedKeys(db, listed);
  return keys.map((key, n) => {
    const id = listed[n]?.id ?? 0;
    return { id, key, judgement: judgements.get(id) ?? null };
  });
}

type Found = readonly [key: number, judgement: StoredJudgement | null];

/** By the rows of keys. Opens only the packs that hold them. */
async function readJudgements(
  db: Records,
  sweepRow: number,
  listed: readonly OrderedKey[],
): Promise<ReadonlyMap<number, StoredJudgement | null>> {
  const batches = [...new Set(listed.map(({ batch }) => batch))];
  const { rows } = await sql<{ found: readonly Found[] | null }>`
    select json_agg(json_build_array(r.key_id, r.judgement)) as found
    from unnest(${batches}::integer[]) as holding (batch)
    cross join lateral (
      select key_id, judgement from keysweep.sweep_key s
      where s.sweep_id = ${sweepRow} and s.batch = holding.batch
        and s.key_id = any (${listed.map(({ id }) => id)}::integer[])
      offset 0
    ) r
  `.execute(db);
  return new Map(rows[0]?.found);
}
