import { sql } from 'kysely';
import type { Verdict } from '../../../evaluate/judgement.ts';
import { verdictWordInSql } from '../../store/codes.ts';
import type { Database } from '../../store/database.ts';

/** Keys of the full sweep that closed last, with the same source, owner, environment and verdict. */
export interface FleetGroup {
  readonly source: string;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly verdict: Verdict;
  readonly keys: number;
}

export async function readFleetGroups({ db }: Database): Promise<readonly FleetGroup[]> {
  const { rows } = await sql<FleetGroup>`
    select source, owner, environment, ${verdictWordInSql(sql`verdict`)} as verdict, keys
    from keysweep.fleet_group
  `.execute(db);
  return rows;
}

/** A tracked key with its newest verdict; null before its first sweep. */
export interface MappedKey {
  readonly source: string;
  readonly keyId: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly verdict: Verdict | null;
}

/** The tracked keys in the order of source and key id, `most` at most. */
export async function readFleetKeys({ db }: Database, most: number): Promise<readonly MappedKey[]> {
  const { rows } = await sql<MappedKey>`
    select k.source, k.key_id as "keyId", k.seen_name as name, e.owner, e.environment,
      ${verdictWordInSql(sql`k.verdict`)} as verdict
    from keysweep.tracked_key k
    join keysweep.inventory_entry e on e.id = k.entry_id
    where k.untracked_at is null order by k.source, k.key_id limit ${most}
  `.execute(db);
  return rows;
}
