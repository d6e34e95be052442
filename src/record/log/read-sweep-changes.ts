import { sql } from 'kysely';
import {
  encodeChanges,
  type FindingChange,
  type StandingFindings,
  type SweepChanges,
} from '../../evidence/changes.ts';
import type { Records } from '../store/database.ts';

/** A sweep that is being closed. */
export interface ChangingSweep {
  readonly id: number;
  readonly uuid: string;
  readonly scope: 'full' | 'partial';
}

/**
 * What a sweep changed of findings, as canonical JSON, and after a full sweep also which findings
 * stand. Events that came after its closing, such as that of a waiver that expired, bear the name of
 * the sweep too, and are left out.
 */
export async function readSweepChanges(
  db: Records,
  { id, uuid, scope }: ChangingSweep,
): Promise<string> {
  const { rows: events } = await sql<FindingChange>`
    select f.fingerprint as finding, f.source, f.key_text as "keyId", f.rule, f.type, f.severity,
      f.controls, v.kind, v.resolution,
      floor(extract(epoch from coalesce(
        case when ${begins('v')} then v.at else (
          select max(o.at) from keysweep.finding_event o
          where o.finding_id = f.id and o.id < v.id and ${begins('o')}
        ) end,
        f.first_seen_at
      )) * 1000)::float8 as since,
      floor(extract(epoch from v.at) * 1000)::float8 as at
    from keysweep.finding_event v
    join keysweep.sweep s on s.id = v.sweep_id
    join keysweep.finding f on f.id = v.finding_id
    where v.sweep_id = ${id} and v.kind <> 'reminder' and v.at <= s.closed_at
    order by f.fingerprint, v.id
  `.execute(db);
  const standing = scope === 'full' ? await readStanding(db) : null;
  return encodeChanges({ sweep: uuid, events, standing });
}

/** Whether an event opens a finding that was not there, or was resolved. */
function begins(event: 'v' | 'o') {
  const [kind, was] = [sql.ref(`${event}.kind`), sql.ref(`${event}.was`)];
  return sql`(${kind} in ('opened', 'reopened') or ${kind} = 'waived' and ${was} is distinct from 'open')`;
}

async function readStanding(db: Records): Promise<SweepChanges['standing']> {
  const { rows } = await sql<StandingFindings>`
    select rule, (count(*) filter (where state = 'open'))::float8 as open,
      (count(*) filter (where state = 'waived'))::float8 as waived,
      floor(extract(epoch from min(first_seen_at)) * 1000)::float8 as since
    from keysweep.finding where state <> 'resolved'
    group by rule order by rule collate "C"
  `.execute(db);
  return rows;
}
