import { sql } from 'kysely';
import type { Records } from '../store/database.ts';

/** What somebody was denied. `who` and `role` are null for somebody who is not known. */
export interface Denied {
  readonly who: string | null;
  readonly role: string | null;
  readonly what: string;
  readonly origin: string;
  readonly reason: string;
}

export type CountedDenial = Denied & { readonly times: number };

/** Adds to the counts of this hour, in one statement. */
export async function countDenials(db: Records, denials: readonly CountedDenial[]): Promise<void> {
  await sql`
    insert into keysweep.audit_record
      (who, role, what, input, origin, outcome, reason, times, hour, ended_at)
    select d.who, d.role, d.what, '{}', d.origin, 'denied', d.reason, d.times,
      date_trunc('hour', clock_timestamp(), 'UTC'), clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(denials)}::jsonb)
      d (who text, role text, what text, origin text, reason text, times integer)
    order by d.what, d.origin, d.who, d.role
    on conflict (hour, what, origin, (coalesce(who, '')), (coalesce(role, '')))
      where hour is not null
    do update set times = least(audit_record.times::bigint + excluded.times, 2000000000),
      reason = excluded.reason, ended_at = excluded.ended_at
  `.execute(db);
}
