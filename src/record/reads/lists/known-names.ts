import { type RawBuilder, sql } from 'kysely';
import { safeText } from '../../../report/safe-text.ts';
import { mostCandidates } from '../../../text/id-beginning.ts';
import type { Database, Records } from '../../store/database.ts';
import { RequestRefused } from '../../store/errors.ts';
import { chooseKeyId } from '../../store/find-by-beginning.ts';
import type { KeyFilter } from './key-filter.ts';

const named = ['owner', 'environment', 'tag', 'source', 'rule', 'schedule'] as const;
type Named = (typeof named)[number];

/** The names that the configuration knows. The records may know others, of what has left it. */
export interface KnownNames {
  /** Those that keysweep.yaml and the policy know. */
  readonly configured: { readonly [N in Named]?: () => Iterable<string> };
  /** Those that the inventory knows, which is read from its beginning to its end. */
  readonly listed: { readonly [N in Named]?: () => Promise<Iterable<string>> };
}

type NamedFilter = Pick<KeyFilter, 'key'> & {
  readonly [N in Named]?: readonly string[] | undefined;
};

const kept: Readonly<Record<Named, RawBuilder<{ name: string }>>> = {
  owner: sql`select distinct owner as name from keysweep.inventory_entry where owner is not null`,
  environment: sql`select distinct environment as name from keysweep.inventory_entry
    where environment is not null`,
  tag: sql`select distinct unnest(tags) as name from keysweep.inventory_entry`,
  rule: sql`select distinct rule as name from keysweep.finding`,
  source: sql`select distinct source as name from keysweep.tracked_key`,
  schedule: sql`select distinct schedule as name from keysweep.sweep where schedule is not null`,
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
  for (const what of named) await refuseStrange(db, what, filter[what] ?? [], known);
  if (filter.key === undefined) return filter;
  return { ...filter, key: await Promise.all(filter.key.map((id) => findKey(db, id))) };
}

async function refuseStrange(
  db: Records,
  what: Named,
  wanted: readonly string[],
  known: KnownNames,
): Promise<void> {
  if (wanted.length === 0) return;
  const names = new Set(known.configured[what]?.());
  const isKnown = () => wanted.every((name) => names.has(name));
  if (isKnown()) return;
  const { rows } = await kept[what].execute(db);
  for (const { name } of rows) names.add(name);
  if (isKnown()) return;
  for (const name of (await known.listed[what]?.()) ?? []) names.add(name);
  for (const name of wanted) if (!names.has(name)) refuseName(what, name, [...names]);
}

const mostNamed = 20;

function refuseName(what: string, name: string, names: readonly string[]): never {
  const listed = [...names].sort().slice(0, mostNamed).map(safeText).join(', ');
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : '';
  const there = names.length === 0 ? 'there are none' : `known: ${listed}${more}`;
  throw new RequestRefused(`no ${what} is called ${JSON.stringify(name)}; ${there}`, 'filter');
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
  const listed = 'keysweep keys list shows the keys';
  throw new RequestRefused(`no key id begins with ${asked}; ${listed}`, 'filter');
}
