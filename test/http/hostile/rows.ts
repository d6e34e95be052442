import { sql } from 'kysely';
import type { Database } from '../../../src/record/store/database.ts';

/** The rows of every table, as text. */
export type Rows = ReadonlyMap<string, ReadonlySet<string>>;

export async function readRows({ db }: Database): Promise<Rows> {
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('keysweep', 'bullmq') order by 1
  `.execute(db);
  const read = new Map<string, ReadonlySet<string>>();
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.raw(name)} t
    `.execute(db);
    read.set(name, new Set(rows.map(({ row }) => row)));
  }
  return read;
}

/** The tables that have lost rows, each as often as it has. A row that was changed is lost. */
export function findLost(before: Rows, after: Rows): readonly string[] {
  return [...before].flatMap(([table, rows]) => {
    const left = after.get(table);
    if (left === undefined) return [table, `${table} is gone`];
    return [...rows].filter((row) => !left.has(row)).map(() => table);
  });
}

/** The tables that have rows that they had not before. */
export function findAdded(before: Rows, after: Rows): readonly string[] {
  return [...after.keys()].filter((table) => {
    const known = before.get(table);
    return [...(after.get(table) ?? [])].some((row) => known?.has(row) !== true);
  });
}
