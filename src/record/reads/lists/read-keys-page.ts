import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Severity } from '../../../evaluate/policy/policy.ts';
import type { ListedKeys } from '../../../inventory/listed-keys.ts';
import type { ListedKey } from '../../../report/model.ts';
import type { Database } from '../../store/database.ts';
import { createCursors, placeText } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';
import { findText } from './find-text.ts';
import { type FindingStatus, statusCondition, wantedSeverities } from './findings-filter.ts';
import { allOf, anyOf, type KeyFilter, keyConditions } from './key-filter.ts';
import { type ListedRow, listedColumns, toListed } from './listed-key.ts';
import { mergeInventory } from './merge-inventory.ts';
import type { KeyPlace } from './next-keys.ts';

/** With one of the last three, only keys that have such a finding. */
export interface KeysFilter extends KeyFilter {
  readonly rule?: readonly string[] | undefined;
  readonly status?: readonly FindingStatus[] | undefined;
  /** This severity and higher ones. */
  readonly severity?: Severity | undefined;
}

const cursors = createCursors<KeyPlace>('keys', z.tuple([placeText, placeText]));

/**
 * A page of the tracked keys with their newest verdict, ordered by source and key id. Among them
 * are the keys of the inventory that no sweep has opened yet.
 */
export async function readKeysPage(
  database: Database,
  filter: KeysFilter,
  inventory: ListedKeys,
  { limit, cursor }: PageAsked,
): Promise<Page<ListedKey>> {
  const after = cursors.read(cursor);
  const found = await readRows(database, filter, after, limit + 1);
  const tracked = found.map(toListed);
  const listed = looksAtFindings(filter)
    ? tracked
    : await mergeInventory(database, { tracked, inventory, filter, after, size: limit + 1 });
  return toPage(
    listed,
    limit,
    (key) => key,
    ({ source, keyId }) => cursors.write([source, keyId]),
  );
}

function looksAtFindings({ rule, status, severity }: KeysFilter): boolean {
  return (rule ?? status ?? severity) !== undefined;
}

async function readRows(
  database: Database,
  filter: KeysFilter,
  after: KeyPlace = ['', ''],
  size: number,
): Promise<readonly ListedRow[]> {
  const { text } = filter;
  const match = text === undefined ? undefined : await findText(database.db, text);
  const ofText = match === undefined ? [] : [match.isIn(sql`k.id`, sql`k.entry_id`)];
  const found = await sql<ListedRow>`
    with page as materialized (
      select k.id from keysweep.tracked_key k
      where k.untracked_at is null and (k.source, k.key_id) > (${after[0]}, ${after[1]})
        and ${allOf([...keyConditions(filter), ...findingsOf(filter), ...ofText])}
      order by k.source, k.key_id limit ${size}
    )
    select ${listedColumns}
    from page join keysweep.tracked_key k on k.id = page.id
    join keysweep.inventory_entry e on e.id = k.entry_id
    left join keysweep.observation o on o.id = k.observation_id
    order by k.source, k.key_id
  `.execute(database.db);
  return found.rows;
}

/** Without a status, a resolved finding does not count. */
function findingsOf(filter: KeysFilter): readonly RawBuilder<unknown>[] {
  if (!looksAtFindings(filter)) return [];
  const { rule, status = ['open', 'waived'], severity = 'info' } = filter;
  const severe = sql.join(wantedSeverities(severity).map((one) => sql.lit(one)));
  return [
    sql`k.id = any (array(
      select f.key_id from keysweep.finding f where ${statusCondition(status)}
        and f.severity in (${severe}) ${rule === undefined ? sql`` : sql`and f.rule = ${anyOf(rule)}`}
    ))`,
  ];
}
