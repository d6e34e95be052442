import { sql } from 'kysely';
import type { Database } from '../../store/database.ts';

/** A link that was sent to a reviewer. `row`, `review`: of its campaign. */
export interface SentLink {
  readonly row: number;
  readonly review: string;
  readonly sheet: number;
  readonly name: string;
  readonly mail: string;
  /** Withdrawn, or its campaign is closed. */
  readonly hasEnded: boolean;
}

/** Undefined if no link has this id, or if it was sent to nobody. */
export async function readLink(
  { db }: Pick<Database, 'db'>,
  id: string,
): Promise<SentLink | undefined> {
  const found = await sql<SentLink>`
    select r.id as row, r.uuid as review, l.sheet, l.name, l.mail,
      (l.withdrawn_at is not null or r.closed_at is not null) as "hasEnded"
    from keysweep.review_link l join keysweep.review r on r.id = l.review_id
    where l.id = ${id}::uuid and l.mail is not null
  `.execute(db);
  return found.rows[0];
}
