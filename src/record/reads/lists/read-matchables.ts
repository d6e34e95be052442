import { sql } from 'kysely';
import type { Matchable } from '../../../evaluate/policy/match.ts';
import { readScopes } from '../../../evaluate/scope.ts';
import type { Database } from '../../store/database.ts';
import { type ObservationContent, toDetails } from '../../store/observation-content.ts';

interface NamedKey {
  readonly source: string;
  readonly keyId: string;
}

interface Row extends Pick<Matchable, 'source' | 'environment' | 'owner' | 'tags'> {
  readonly keyId: string;
  readonly content: ObservationContent | null;
}

export interface MatchableKey extends Matchable {
  readonly keyId: string;
}

/** What a `match` looks at, as it is known now of these keys. */
export async function readMatchables(
  { db }: Database,
  keys: readonly NamedKey[],
): Promise<readonly MatchableKey[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<Row>`
    select k.source, k.key_id as "keyId", e.environment, e.owner, e.tags, o.content
    from keysweep.tracked_key k
    join keysweep.inventory_entry e on e.id = k.entry_id
    left join keysweep.observation o on o.id = k.observation_id
    where (k.source, k.key_id) in (select * from unnest(
      ${keys.map(({ source }) => source)}::text[], ${keys.map(({ keyId }) => keyId)}::text[]))
  `.execute(db);
  return rows.map(({ content, ...key }) => {
    const { type, scopes } = content === null ? {} : toDetails(content, null);
    return { ...key, type, scopes: readScopes(scopes) };
  });
}
