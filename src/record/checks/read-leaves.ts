import { sql } from 'kysely';
import type { Records } from '../store/database.ts';

/** A leaf as it is stored. */
export interface StoredLeaf {
  readonly n: number;
  readonly at: Date;
  readonly body: string;
  readonly hash: Uint8Array;
}

const leavesAtOnce = 500;

/** The leaves from `from` on in their order, and without `until`, a part at a time. */
export async function* readStoredLeaves(
  db: Records,
  from: number,
  until: number = Number.MAX_SAFE_INTEGER,
): AsyncIterable<StoredLeaf> {
  for (let next = from; ; ) {
    const { rows } = await sql<StoredLeaf>`
      select n::float8 as n, at, body, hash from keysweep.log_leaf l
      where l.n >= ${next} and l.n < ${until} order by l.n limit ${leavesAtOnce}
    `.execute(db);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < leavesAtOnce) return;
    next = last.n + 1;
  }
}
