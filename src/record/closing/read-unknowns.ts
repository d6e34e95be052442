import { sql } from 'kysely';
import type { AlertUnknown } from '../../alert/message.ts';
import { mostUnknownsAMessage } from '../../alert/plan/plan-notices.ts';
import { unknownDetail } from '../../evaluate/unknown-detail.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { unknownKeys } from '../store/packs/unknown-keys.ts';
import { readJudgement, type StoredJudgement } from '../store/stored-judgement.ts';

/** The first unknown keys of a sweep, as many as a message names. */
export async function readUnknowns(
  tx: RecordsTransaction,
  sweepId: number,
): Promise<readonly AlertUnknown[]> {
  const found = await sql<{ source: string; key_id: string; judgement: StoredJudgement | null }>`
    select k.source, k.key_id, s.judgement
    from ${unknownKeys(sql`${sweepId}`)}
    join keysweep.tracked_key k on k.id = s.key_id
    order by s.key_id limit ${mostUnknownsAMessage}
  `.execute(tx);
  return found.rows.flatMap(({ source, key_id, judgement }) => {
    const [first] = readJudgement(judgement).unjudged;
    if (first === undefined) return [];
    const { rule } = first;
    return [{ source, keyId: key_id, rule, reason: first.reason, detail: unknownDetail(first) }];
  });
}
