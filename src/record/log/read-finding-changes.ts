import { sql } from 'kysely';
import { encodeChanges, type FindingChange } from '../../evidence/changes.ts';
import type { Records } from '../store/database.ts';

/**
 * What a sweep changed of findings, as canonical JSON. Events that came after its closing, such as
 * that of a waiver that expired, bear the name of the sweep too, and are left out.
 */
export async function readFindingChanges(db: Records, sweepRow: number): Promise<string> {
  const { rows } = await sql<FindingChange>`
    select f.fingerprint as finding, f.source, f.key_text as "keyId", f.rule, f.type, f.severity,
      f.controls, v.kind, v.resolution,
      floor(extract(epoch from v.at) * 1000)::float8 as at
    from keysweep.finding_event v
    join keysweep.sweep s on s.id = v.sweep_id
    join keysweep.finding f on f.id = v.finding_id
    where v.sweep_id = ${sweepRow} and v.kind <> 'reminder' and v.at <= s.closed_at
    order by f.fingerprint, v.id
  `.execute(db);
  return encodeChanges(rows);
}
