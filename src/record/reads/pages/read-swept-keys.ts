import { sql } from 'kysely';
import type { Verdict } from '../../../evaluate/judgement.ts';
import { verdictWordInSql } from '../../store/codes.ts';
import type { Database } from '../../store/database.ts';

/** A key of a sweep; its verdict is null while it has none. */
export interface SweptKey {
  readonly source: string;
  readonly keyId: string;
  readonly name: string | null;
  readonly verdict: Verdict | null;
}

/** The keys of a sweep of few keys. Undefined if they are more than `most`. */
export async function readSweptKeys(
  { db }: Database,
  sweepId: string,
  most: number,
): Promise<readonly SweptKey[] | undefined> {
  const { rows } = await sql<SweptKey>`
    with swept as materialized (
      select key_id, verdict from keysweep.sweep_key
      where sweep_id = (select id from keysweep.sweep where uuid = ${sweepId}::uuid)
      limit ${most + 1}
    )
    select k.source, k.key_id as "keyId", k.seen_name as name,
      ${verdictWordInSql(sql`s.verdict`)} as verdict
    from swept s join keysweep.tracked_key k on k.id = s.key_id order by k.source, k.key_id
  `.execute(db);
  return rows.length > most ? undefined : rows;
}
