import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Verdict } from '../../../evaluate/judgement.ts';
import { verdictWordInSql } from '../../store/codes.ts';
import type { Database } from '../../store/database.ts';
import { createCursors, placeText } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';

/** A tracked key with its scopes, and those approved for it. */
export interface ScopedKey {
  readonly source: string;
  readonly keyId: string;
  readonly name: string | null;
  readonly type: string | null;
  readonly owner: string | null;
  readonly verdict: Verdict | null;
  /** Undefined if they are not known. */
  readonly scopes: readonly string[] | undefined;
  readonly approvedScopes: readonly string[] | null;
  readonly firstScopes: readonly string[] | null;
}

export interface ScopedFilter {
  readonly owner: string | undefined;
  readonly type: string | undefined;
  readonly environment: string | undefined;
  readonly source: string | undefined;
}

interface Row extends Omit<ScopedKey, 'scopes'> {
  readonly scopes: readonly string[] | null;
}

const cursors = createCursors<readonly [string, string]>('scopes', z.tuple([placeText, placeText]));

/** A page of the tracked keys that were seen, in the order of source and key id. */
export async function readScopedKeys(
  { db }: Database,
  filter: ScopedFilter,
  { limit, cursor }: PageAsked,
): Promise<Page<ScopedKey>> {
  const after = cursors.read(cursor) ?? ['', ''];
  const { rows } = await sql<Row>`
    with page as materialized (
      select k.id from keysweep.tracked_key k
      where k.untracked_at is null and (k.source, k.key_id) > (${after[0]}, ${after[1]})
        and ${conditionsOf(filter)}
      order by k.source, k.key_id limit ${limit + 1}
    )
    select k.source, k.key_id as "keyId", k.seen_name as name, k.seen_type as type, e.owner,
      ${verdictWordInSql(sql`k.verdict`)} as verdict, o.content->'scopes' as scopes,
      e.approved_scopes as "approvedScopes", k.first_scopes as "firstScopes"
    from page join keysweep.tracked_key k on k.id = page.id
    join keysweep.inventory_entry e on e.id = k.entry_id
    left join keysweep.observation o on o.id = k.observation_id
    order by k.source, k.key_id
  `.execute(db);
  return toPage(rows, limit, toScoped, ({ source, keyId }) => cursors.write([source, keyId]));
}

function toScoped({ scopes, ...key }: Row): ScopedKey {
  return { ...key, scopes: scopes ?? undefined };
}

function conditionsOf({ owner, type, environment, source }: ScopedFilter): RawBuilder<unknown> {
  const ofEntry = [
    owner === undefined ? undefined : sql`e.owner = ${owner}`,
    environment === undefined ? undefined : sql`e.environment = ${environment}`,
  ].flatMap((condition) => condition ?? []);
  const entries =
    ofEntry.length === 0
      ? undefined
      : sql`k.entry_id = any (array(
          select e.id from keysweep.inventory_entry e where ${sql.join(ofEntry, sql` and `)}
        ))`;
  const conditions = [
    entries,
    type === undefined ? undefined : sql`k.seen_type = ${type}`,
    source === undefined ? undefined : sql`k.source = ${source}`,
    sql`k.seen_at is not null`,
  ].flatMap((condition) => condition ?? []);
  return sql.join(conditions, sql` and `);
}

/** The types that vendors have named, a hundred at most. */
export async function readKeyTypes({ db }: Database): Promise<readonly string[]> {
  // A step along the index for each type: to look at all keys would take long.
  const { rows } = await sql<{ type: string }>`
    with recursive types as (
      select min(seen_type) as type from keysweep.tracked_key
      union all
      select (select min(k.seen_type) from keysweep.tracked_key k where k.seen_type > t.type)
      from types t where t.type is not null
    )
    select type from types where type is not null limit 100
  `.execute(db);
  return rows.map(({ type }) => type);
}
