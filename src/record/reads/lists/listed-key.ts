import { sql } from 'kysely';
import { noDetails } from '../../../keys/detail-fields.ts';
import type { ListedKey } from '../../../report/model.ts';
import { verdictOf } from '../../store/codes.ts';
import { type ObservationContent, toDetails } from '../../store/observation-content.ts';

/** The `listedColumns` of one key. */
export interface ListedRow {
  readonly source: string;
  readonly key_id: string;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approved_scopes: string[] | null;
  readonly tags: string[];
  readonly last_used: Date | null;
  readonly content: ObservationContent | null;
  readonly verdict: number | null;
  readonly verdict_at: Date | null;
}

/** Of a tracked key `k`, its entry `e` and its newest observation `o`. */
export const listedColumns = sql`k.source, k.key_id, e.owner, e.environment, e.approved_scopes,
  e.tags, k.last_used, o.content, k.verdict, k.verdict_at`;

export function toListed(row: ListedRow): ListedKey {
  const known = row.content === null || row.content.missing === true ? undefined : row.content;
  return {
    source: row.source,
    keyId: row.key_id,
    owner: row.owner,
    environment: row.environment,
    approvedScopes: row.approved_scopes,
    tags: row.tags,
    verdict: row.verdict === null ? null : verdictOf(row.verdict),
    observedAt: row.verdict_at,
    ...(known === undefined ? noDetails : toDetails(known, row.last_used)),
  };
}
