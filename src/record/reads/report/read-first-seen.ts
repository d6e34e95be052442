import { sql } from 'kysely';
import type { Records } from '../../store/database.ts';
import { milliseconds } from './list-report.ts';

/** When a finding was first seen, and whether in a simulated sweep. */
export interface FirstSeen {
  readonly at: Date;
  readonly simulated: boolean;
}

type FoundFirst = readonly [key: number, rule: string, at: number, simulated: boolean];

/** When each finding of these keys was first seen, by the key's row and by rule. */
export async function readFirstSeen(
  db: Records,
  ids: readonly number[],
): Promise<ReadonlyMap<number, ReadonlyMap<string, FirstSeen>>> {
  const { rows } = await sql<{ found: readonly FoundFirst[] | null }>`
    select json_agg(json_build_array(key_id, rule, ${milliseconds(sql`first_seen_at`)},
      first_seen_simulated)) as found
    from keysweep.finding where key_id = any (${ids}::integer[])
  `.execute(db);
  const seen = new Map<number, Map<string, FirstSeen>>();
  for (const [key, rule, at, simulated] of rows[0]?.found ?? []) {
    const rules = seen.get(key) ?? new Map<string, FirstSeen>();
    seen.set(key, rules.set(rule, { at: new Date(at), simulated }));
  }
  return seen;
}
