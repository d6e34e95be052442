import { sql } from 'kysely';
import { noDetails } from '../../keys/detail-fields.ts';
import type { ListedKey } from '../../report/model.ts';
import { verdictOf } from '../store/codes.ts';
import type { Database } from '../store/database.ts';
import { type ObservationContent, toDetails } from '../store/observation-content.ts';
import { type PageKey, readInPages } from '../store/read-in-pages.ts';

interface ListedRow extends PageKey {
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approved_scopes: string[] | null;
  readonly tags: string[];
  readonly last_used: Date | null;
  readonly content: ObservationContent | null;
  readonly verdict: number | null;
  readonly observed_at: Date | null;
}

/** The tracked keys, with their newest verdict. */
export async function* readTrackedKeys(database: Database): AsyncIterable<ListedKey> {
  const rows = readInPages((after, size) =>
    sql<ListedRow>`
      select k.source, k.key_id, e.owner, e.environment, e.approved_scopes, e.tags, k.last_used,
        o.content, newest.verdict, newest.observed_at
      from keysweep.tracked_key k
      join keysweep.inventory_entry e on e.id = k.entry_id
      left join keysweep.observation o on o.id = k.observation_id
      left join lateral (
        select s.verdict, s.observed_at from keysweep.sweep_key s
        where s.key_id = k.id and s.sweep_id = any (array(
          (select id from keysweep.sweep order by id desc limit 20)
          union (select id from keysweep.sweep where scope = 'full' and closed_at is not null
            order by id desc limit 1)
        )) and s.verdict is not null
        order by s.observed_at desc limit 1
      ) newest on true
      where k.untracked_at is null and (k.source, k.key_id) > (${after.source}, ${after.key_id})
      order by k.source, k.key_id limit ${size}
    `.execute(database.db),
  );
  for await (const row of rows) yield toListed(row);
}

function toListed(row: ListedRow): ListedKey {
  const known = row.content === null || row.content.missing === true ? undefined : row.content;
  return {
    source: row.source,
    keyId: row.key_id,
    owner: row.owner,
    environment: row.environment,
    approvedScopes: row.approved_scopes,
    tags: row.tags,
    verdict: row.verdict === null ? null : verdictOf(row.verdict),
    observedAt: row.observed_at,
    ...(known === undefined ? noDetails : toDetails(known, row.last_used)),
  };
}
