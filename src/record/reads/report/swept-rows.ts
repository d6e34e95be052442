import { type RawBuilder, sql } from 'kysely';
import type { Records } from '../../store/database.ts';
import type { ReportOrder, SourceKeys, SweptKeys } from './list-report.ts';

const keysAtOnce = 1_000;

/** The listed keys, or those of them that bear a mark, some at a time. */
export function* cutOrder(order: ReportOrder, mark?: number): Iterable<SweptKeys> {
  for (const keys of order) yield* cutKeys(keys, mark);
}

function* cutKeys(keys: SourceKeys, mark: number | undefined): Iterable<SweptKeys> {
  const { source, ids, names, batches, marks } = keys;
  let some = startPage();
  for (const [place, id] of ids.entries()) {
    if (mark !== undefined && ((marks[place] ?? 0) & mark) === 0) continue;
    some.ids.push(id);
    some.names.push(names[place] ?? '');
    some.batches.add(batches[place] ?? 0);
    if (some.ids.length < keysAtOnce) continue;
    yield { source, ...some, batches: [...some.batches] };
    some = startPage();
  }
  if (some.ids.length > 0) yield { source, ...some, batches: [...some.batches] };
}

function startPage(): { ids: number[]; names: string[]; batches: Set<number> } {
  return { ids: [], names: [], batches: new Set() };
}

/** What is read of each key, by column, as SQL that gives JSON. */
type Wanted<Row> = { readonly [Column in keyof Row]: RawBuilder<unknown> };

/** The values of each column, in the same order; null where no row was found. */
type Lists<Row> = { readonly [Column in keyof Row]: readonly Row[Column][] | null };

/** What names a key, and what the inventory said of it. */
export interface SweptRow extends Entry {
  readonly id: number;
  readonly source: string;
  readonly keyId: string;
}

interface Entry {
  readonly owner: string | null;
  readonly environment: string | null;
}

interface Linked {
  readonly id: number;
  readonly entry: number;
}

type Found<Row> = Lists<Row> &
  Lists<Linked> & { readonly entries: readonly (readonly [row: number, entry: Entry])[] | null };

/**
 * Reads rows of these keys, in their order. `wanted` speaks of `s`, what the sweep found, and of
 * `o`, what the vendor said. Opens only the packs that hold the keys, and looks up all else one by
 * one: the planner would read whole tables. Names come from the list, because the rows of keys fill
 * many pages, and each inventory entry comes once. A column comes as one list in JSON: rows would
 * take this process three times as long.
 */
export async function readSweptRows<Row extends object>(
  db: Records,
  sweepRow: number,
  keys: SweptKeys,
  wanted: Wanted<Row>,
): Promise<readonly (Row & SweptRow)[]> {
  const { ids, batches } = keys;
  const columns: [string, RawBuilder<unknown>][] = Object.entries({ ...wanted, ...links });
  const lists = columns.map(([name, value]) => sql`json_agg(${value}) as ${sql.ref(name)}`);
  const found = await sql<Found<Row>>`
    with s as materialized (
      select r.* from unnest(${batches}::integer[]) as holding (batch)
      cross join lateral (
        select key_id, entry_id, observation_id, verdict, last_used, judgement
        from keysweep.sweep_key r
        where r.sweep_id = ${sweepRow} and r.batch = holding.batch
          and r.key_id = any (${ids}::integer[])
        offset 0
      ) r
    )
    select ${sql.join(lists)}, (
      select json_agg(json_build_array(e.id,
        json_build_object('owner', e.owner, 'environment', e.environment)))
      from (select distinct entry_id from s) d cross join lateral (
        select id, owner, environment from keysweep.inventory_entry where id = d.entry_id offset 0
      ) e
    ) as entries
    from s left join lateral (
      select content from keysweep.observation where id = s.observation_id offset 0
    ) o on true
  `.execute(db);
  return toRows(found.rows[0], keys);
}

const links: Wanted<Linked> = { id: sql`s.key_id`, entry: sql`s.entry_id` };

/** In the order of `keys`, as far as they were found. */
function toRows<Row extends object>(
  found: Found<Row> | undefined,
  { source, ids, names }: SweptKeys,
): readonly (Row & SweptRow)[] {
  if (found === undefined) return [];
  const { entries, ...lists } = found;
  const { id: rows, entry: entryRows }: Lists<Linked> = found;
  const entriesByRow = new Map(entries);
  const columns = Object.entries(lists) as [string, readonly unknown[] | null][];
  const places = new Map(rows?.map((id, place) => [id, place]));
  return ids.flatMap((id, n) => {
    const place = places.get(id);
    const entry = place === undefined ? undefined : entriesByRow.get(entryRows?.[place] ?? 0);
    if (place === undefined || entry === undefined) return [];
    const row: Record<string, unknown> = {};
    for (const [name, values] of columns) row[name] = values?.[place];
    const { owner, environment } = entry;
    return Object.assign(row, { source, keyId: names[n], owner, environment }) as Row & SweptRow;
  });
}

/** An instant as a number in JSON: milliseconds, which `new Date` takes. */
export function milliseconds(instant: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`floor(extract(epoch from ${instant}) * 1000)::bigint`;
}
