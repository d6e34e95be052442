import { type RawBuilder, sql } from 'kysely';
import type { Records } from '../../store/database.ts';
import type { ReportOrder, SweptKeys } from './list-report.ts';

const keysAtOnce = 1_000;

/** The listed keys, or those of them that bear a mark, some at a time. */
export function* cutOrder(
  { ids, batches, marks }: ReportOrder,
  mark?: number,
): Iterable<SweptKeys> {
  let some: number[] = [];
  let holding = new Set<number>();
  for (const [place, id] of ids.entries()) {
    if (mark !== undefined && ((marks[place] ?? 0) & mark) === 0) continue;
    some.push(id);
    holding.add(batches[place] ?? 0);
    if (some.length < keysAtOnce) continue;
    yield { ids: some, batches: [...holding] };
    some = [];
    holding = new Set();
  }
  if (some.length > 0) yield { ids: some, batches: [...holding] };
}

/** What is read of each key, by column, as SQL that gives JSON. */
type Wanted<Row> = { readonly [Column in keyof Row]: RawBuilder<unknown> };

/** The values of each column, in the same order; null where no row was found. */
type Lists<Row> = { readonly [Column in keyof Row]: readonly Row[Column][] | null };

/**
 * Reads rows of these keys, in their order. `wanted` speaks of `s`, what the sweep found; `k`, the
 * key; `e`, its inventory entry; and `o`, what the vendor said. Opens only the packs that hold the
 * keys, and looks up all else one by one: the planner would read whole tables. A column comes as
 * one list in JSON: rows would take this process three times as long.
 */
export async function readSweptRows<Row extends object>(
  db: Records,
  sweepRow: number,
  { ids, batches }: SweptKeys,
  wanted: Wanted<Row>,
): Promise<readonly (Row & SweptRow)[]> {
  const columns: [string, RawBuilder<unknown>][] = Object.entries({ ...wanted, ...keyColumns });
  const lists = columns.map(([name, value]) => sql`json_agg(${value}) as ${sql.ref(name)}`);
  const found = await sql<Lists<Row & SweptRow>>`
    select ${sql.join(lists)}
    from unnest(${batches}::integer[]) as holding (batch)
    cross join lateral (
      select * from keysweep.sweep_key r
      where r.sweep_id = ${sweepRow} and r.batch = holding.batch
        and r.key_id = any (${ids}::integer[])
      offset 0
    ) s
    cross join lateral (
      select id, source, key_id from keysweep.tracked_key where id = s.key_id offset 0
    ) k
    cross join lateral (
      select owner, environment from keysweep.inventory_entry where id = s.entry_id offset 0
    ) e
    left join lateral (
      select content from keysweep.observation where id = s.observation_id offset 0
    ) o on true
  `.execute(db);
  const rows = new Map(toRows(found.rows[0]).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

/** A key by its row and its name. */
export interface SweptRow {
  readonly id: number;
  readonly source: string;
  readonly keyId: string;
}

const keyColumns: Wanted<SweptRow> = { id: sql`k.id`, source: sql`k.source`, keyId: sql`k.key_id` };

function toRows<Row extends SweptRow>(lists: Lists<Row> | undefined): readonly Row[] {
  if (lists === undefined) return [];
  const columns = Object.entries(lists) as [string, readonly unknown[] | null][];
  return (lists.id ?? []).map((_, n) => {
    const row: Record<string, unknown> = {};
    for (const [name, values] of columns) row[name] = values?.[n];
    return row as Row;
  });
}

/** An instant as a number in JSON: milliseconds, which `new Date` takes. */
export function milliseconds(instant: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`floor(extract(epoch from ${instant}) * 1000)::bigint`;
}
