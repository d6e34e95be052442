import { sql } from 'kysely';
import { type KeyDetails, noDetails } from '../../../keys/detail-fields.ts';
import type { ReportKey } from '../../../report/model.ts';
import { verdictOf } from '../../store/codes.ts';
import type { Records } from '../../store/database.ts';
import { type ObservationContent, toDetails } from '../../store/observation-content.ts';
import type { ReadOrder } from './list-report.ts';
import { readAhead, readEach } from './read-ahead.ts';
import type { OrderedKey } from './report-order.ts';

type Entry = readonly [row: number, owner: string | null, environment: string | null];

interface Found {
  /** In the order of the keys. */
  readonly contents: readonly (ObservationContent | null)[];
  /** Null where no entry was found, as in damaged records. */
  readonly entries: readonly Entry[] | null;
}

/** All keys of the sweep. */
export async function* readKeys(db: Records, list: ReadOrder): AsyncIterable<ReportKey> {
  const pages = readEach((await list()).parts(), (listed) => readListedKeys(db, listed));
  for await (const keys of readAhead(pages)) {
    // `yield*` would take up to twice as long.
    for (const key of keys) yield key;
  }
}

/**
 * Reads what the vendor and the inventory said of these keys, and returns the keys in their order.
 * Looks rows up one by one, because the planner would read whole tables. Each inventory entry comes
 * once. Values come as lists in JSON: rows would take this process three times as long.
 */
export async function readListedKeys(
  db: Records,
  listed: readonly OrderedKey[],
): Promise<readonly ReportKey[]> {
  const { rows } = await sql<Found>`
    select (
      select json_agg(o.content order by w.place)
      from unnest(${listed.map(({ observation }) => observation)}::integer[])
        with ordinality w (id, place)
      left join lateral (
        select content from keysweep.observation where id = w.id offset 0
      ) o on true
    ) as contents, (
      select json_agg(json_build_array(e.id, e.owner, e.environment))
      from unnest(${[...new Set(listed.map(({ entry }) => entry))]}::integer[]) w (id)
      cross join lateral (
        select id, owner, environment from keysweep.inventory_entry where id = w.id offset 0
      ) e
    ) as entries
  `.execute(db);
  return rows.flatMap((found) => toKeys(listed, found));
}

function toKeys(listed: readonly OrderedKey[], found: Found): readonly ReportKey[] {
  const entries = new Map(found.entries?.map((row) => [row[0], row]));
  return listed.map(({ source, keyId, entry, verdict, lastUsed }, n) => {
    const [, owner = null, environment = null] = entries.get(entry) ?? [];
    return {
      source,
      keyId,
      verdict: verdictOf(verdict),
      ...describe(found.contents[n] ?? null, lastUsed),
      owner,
      environment,
    };
  });
}

function describe(content: ObservationContent | null, lastUsed: number | null): KeyDetails {
  if (content === null || content.missing === true) return noDetails;
  return toDetails(content, lastUsed === null ? null : new Date(lastUsed));
}
