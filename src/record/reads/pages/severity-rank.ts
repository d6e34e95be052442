import { sql } from 'kysely';
import { severities } from '../../../evaluate/policy/policy.ts';

/** The rank of a severity in SQL, higher for graver ones. `alias`: of a table with that column. */
export function severityRank(alias: string) {
  const names = sql.lit(`{${severities.join(',')}}`);
  return sql<number>`array_position(${names}::text[], ${sql.ref(`${alias}.severity`)})`;
}
