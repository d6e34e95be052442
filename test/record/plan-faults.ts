import { sql } from 'kysely';
import type { Database } from '../../src/record/store/database.ts';
import type { Reread, Scan } from './watch-plans.ts';
import { one, run } from './world.ts';

/** A scan that is right, in the statement that has these words. */
export interface Allowed {
  readonly table: string;
  readonly words: string;
  readonly why: string;
}

/** A list that may be read again for each row, in the statement that has these words. */
export interface AllowedReread {
  readonly words: string;
  readonly why: string;
}

/** Lines for what is wrong, and what was allowed in vain. */
export interface PlanFaults {
  readonly wrong: readonly string[];
  readonly unneeded: readonly object[];
}

/**
 * They have a row per schedule, source, channel, policy, session or campaign of reviews, or one: not
 * per key or night.
 */
const small = new Set([
  ...['schedule', 'source_wait', 'source_pace', 'channel_pace', 'policy', 'session', 'fleet_group'],
  ...['inventory', 'contact', 'canary', 'rejection', 'migration', 'migration_lock'],
  // The seals of earlier builds are no more than they were when the log began.
  ...['log_head', 'adopted_seal', 'review'],
]);

/** A store whose plans are about to be read. */
export interface SettledStore {
  /** The tables that grow, with their rows now. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Only a superuser may ask for plans. */
  readonly isPermitted: boolean;
}

/** Keeps the statistics of a filled store: new ones in the middle of a run would make it another. */
export async function settleStore(database: Database): Promise<SettledStore> {
  const { rows } = await sql<{ table: string; rows: number }>`
    select relname as table, reltuples as rows from pg_class
    where relnamespace = 'keysweep'::regnamespace and relkind = 'r'
  `.execute(database.db);
  for (const { table } of rows) {
    await run(database, `alter table keysweep.${table} set (autovacuum_enabled = false)`);
  }
  const user = await one<{ super: boolean }>(
    database,
    'select rolsuper as super from pg_roles where rolname = current_user',
  );
  return {
    sizes: new Map(rows.flatMap(({ table, rows }) => (small.has(table) ? [] : [[table, rows]]))),
    isPermitted: user.super,
  };
}

/** The scans that read more than half of a table: a list reads a page along an index. */
export function findLargeScans(
  scans: readonly Scan[],
  sizes: SettledStore['sizes'],
): readonly Scan[] {
  return scans.filter(({ table, rows }) => rows * 2 >= (sizes.get(table) ?? Infinity));
}

const isOfScan = ({ table, statement }: Scan, one: Allowed) =>
  table === one.table && statement.includes(one.words);

/** `scans`: the large ones. */
export function findWrongScans(
  scans: readonly Scan[],
  allowed: readonly Allowed[] = [],
): PlanFaults {
  const wrong = scans.filter((scan) => !allowed.some((one) => isOfScan(scan, one)));
  const lines = wrong.map(({ table, rows, statement }) => `${table}, ${rows} rows: ${statement}`);
  return {
    wrong: [...new Set(lines)],
    unneeded: allowed.filter((one) => !scans.some((scan) => isOfScan(scan, one))),
  };
}

/** Those of a table that a statement reads whole more than once: for each page, or for each sweep. */
export function findRepeatedScans(scans: readonly Scan[]): readonly string[] {
  const times = new Map<string, number>();
  for (const { table, statement } of scans) {
    const text = `${table}: ${statement}`;
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  return [...times].flatMap(([text, n]) => (n > 1 ? [`${n} times ${text}`] : []));
}

/**
 * What a batch or a page bounds has no more rows in the stores whose plans are read. What grows with
 * the keys has more, so that two lists that grow are read more often than `bounded` times `bounded`
 * there.
 */
const bounded = 200;

const isCostly = ({ rows, times, isHashed }: Reread) =>
  isHashed ? rows > bounded : rows * times > bounded * bounded;

const describeReread = ({ node, place, rows, times, isHashed, statement }: Reread) =>
  `${node}, ${rows} rows${isHashed ? ' (hashed)' : ''} × ${times}, in ${place}: ${statement}`;

export function findWrongRereads(
  all: readonly Reread[],
  allowed: readonly AllowedReread[] = [],
): PlanFaults {
  const costly = all.filter(isCostly);
  const isOf = ({ statement }: Reread, { words }: AllowedReread) => statement.includes(words);
  const wrong = costly.filter((reread) => !allowed.some((one) => isOf(reread, one)));
  return {
    wrong: [...new Set(wrong.map(describeReread))],
    unneeded: allowed.filter((one) => !costly.some((reread) => isOf(reread, one))),
  };
}
