import { type RawBuilder, sql } from 'kysely';
import type { Severity } from '../../evaluate/policy/policy.ts';
import type { ReportFinding } from '../../report/model.ts';
import { safeText } from '../../report/safe-text.ts';
import { mostCandidates } from '../../text/id-beginning.ts';
import type { Database, Records } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { chooseKeyId } from '../store/find-by-beginning.ts';

export type FindingStatus = ReportFinding['status'];

/** What people may name to list fewer findings; each list holds alternatives. */
export interface NamedFilter {
  readonly owner?: readonly string[] | undefined;
  readonly rule?: readonly string[] | undefined;
  readonly source?: readonly string[] | undefined;
  /** Key ids, or unique beginnings of them. */
  readonly key?: readonly string[] | undefined;
}

export interface FindingsFilter extends NamedFilter {
  readonly statuses: readonly FindingStatus[];
  /** This severity and higher ones. */
  readonly severity: Severity;
}

/** The names that the configuration knows. The records may know others, of what has left it. */
export type KnownNames = Readonly<Record<'owner' | 'rule' | 'source', readonly string[]>>;

const kept: Readonly<Record<keyof KnownNames, RawBuilder<{ name: string }>>> = {
  owner: sql`select distinct owner as name from keysweep.inventory_entry where owner is not null`,
  rule: sql`select distinct rule as name from keysweep.finding`,
  source: sql`select distinct source as name from keysweep.tracked_key`,
};

/**
 * The filter with whole key ids. Throws `RequestRefused` if it names what neither the configuration
 * nor the records know: an empty list would look as if all were well.
 */
export async function resolveFilter<Filter extends NamedFilter>(
  { db }: Database,
  filter: Filter,
  known: KnownNames,
): Promise<Filter> {
  for (const what of ['owner', 'rule', 'source'] as const) {
    const strange = filter[what]?.filter((name) => !known[what].includes(name)) ?? [];
    if (strange.length === 0) continue;
    const { rows } = await kept[what].execute(db);
    const names = new Set([...known[what], ...rows.map(({ name }) => name)]);
    for (const name of strange) if (!names.has(name)) refuseName(what, name, [...names]);
  }
  if (filter.key === undefined) return filter;
  return { ...filter, key: await Promise.all(filter.key.map((id) => findKey(db, id))) };
}

const mostNamed = 20;

function refuseName(what: string, name: string, names: readonly string[]): never {
  const listed = [...names].sort().slice(0, mostNamed).map(safeText).join(', ');
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : '';
  const there = names.length === 0 ? 'there are none' : `known: ${listed}${more}`;
  throw new RequestRefused(`no ${what} is called ${JSON.stringify(name)}; ${there}`);
}

async function findKey(db: Records, beginning: string): Promise<string> {
  const found = await sql<{ id: string }>`
    select distinct key_id collate "C" as id from keysweep.tracked_key
    where starts_with(key_id, ${beginning}) order by id limit ${mostCandidates + 1}
  `.execute(db);
  const chosen = chooseKeyId(
    beginning,
    found.rows.map(({ id }) => id),
  );
  if (chosen !== undefined) return chosen;
  const asked = JSON.stringify(beginning);
  throw new RequestRefused(`no key id begins with ${asked}; keysweep keys list shows the keys`);
}

/** The condition that a finding `f`, its key `k` and the key's entry `e` must meet. */
export function findingsWhere(filter: NamedFilter): RawBuilder<unknown> {
  const columns = {
    owner: sql`e.owner`,
    rule: sql`f.rule`,
    source: sql`k.source`,
    key: sql`k.key_id`,
  };
  const conditions = Object.entries(columns).flatMap(([name, column]) => {
    const wanted = filter[name as keyof typeof columns];
    return wanted === undefined ? [] : [sql`${column} = any (${[...wanted]}::text[])`];
  });
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}
