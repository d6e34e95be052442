import { type RawBuilder, sql } from 'kysely';

/**
 * Whether an event of a finding is a change that receivers hear of. That a finding is waived is one
 * if the finding was open. SQL; `event`: the alias of the event's row.
 */
export function isChange(event: string): RawBuilder<boolean> {
  const [kind, was] = [sql.ref(`${event}.kind`), sql.ref(`${event}.was`)];
  return sql<boolean>`(${kind} <> 'waived' or coalesce(${was}, 'waived') = 'open')`;
}
