import { sql } from 'kysely';
import type { Severity } from '../../../evaluate/policy/policy.ts';
import { ageStarts } from '../../../report/finding-ages.ts';
import type { Database } from '../../store/database.ts';

/** Open findings of one severity, by their age, in the order of `ageStarts`. */
export interface OpenFindings {
  readonly severity: Severity;
  readonly byAge: readonly number[];
}

/** Counts the open findings; severities without any are left out. */
export async function readOpenFindings({ db }: Database, now: Date): Promise<OpenFindings[]> {
  const starts = sql.lit(`{${ageStarts.join(',')}}`);
  const { rows } = await sql<{ severity: Severity; age: number; count: number }>`
    select severity, width_bucket(
      greatest(0, extract(epoch from ${now}::timestamptz - first_seen_at) / 86400)::float8,
      ${starts}::float8[]
    ) - 1 as age, count(*)::integer as count
    from keysweep.finding where state = 'open' and state <> 'resolved' group by 1, 2
  `.execute(db);
  const found = new Map<Severity, number[]>();
  for (const { severity, age, count } of rows) {
    const byAge = found.get(severity) ?? ageStarts.map(() => 0);
    byAge[age] = count;
    found.set(severity, byAge);
  }
  return [...found].map(([severity, byAge]) => ({ severity, byAge }));
}
