import { type RawBuilder, sql } from 'kysely';
import type { ChangeSpread, SourceChanges } from '../../alert/plan/plan-anomaly.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { type Comparison, comparedKeys } from './compare-sweeps.ts';

/** Where the changes of a sweep are: the facts from which the cause is found. */
export async function readSpread(
  tx: RecordsTransaction,
  comparisons: readonly Comparison[],
): Promise<ChangeSpread> {
  const sources = new Map<string, SourceChanges>();
  const rules = new Map<string, number>();
  const fields = new Map<string, number>();
  const facts = new Map<string, number>();
  for (const comparison of comparisons) {
    const keys = comparedKeys(comparison);
    addSources(sources, await readSources(tx, keys));
    addCounts(rules, await readRules(tx, keys));
    addCounts(fields, await readFields(tx, keys));
    addCounts(facts, await readFacts(tx, keys));
  }
  return {
    sources: [...sources.values()].sort(
      (a, b) => b.changed - a.changed || inOrder(a.source, b.source),
    ),
    rules: mostFirst(rules).map(([rule, keys]) => ({ rule, keys })),
    fields: mostFirst(fields).map(([field, keys]) => ({ field, keys })),
    facts: mostFirst(facts).map(([field, keys]) => ({ field, keys })),
  };
}

async function readSources(tx: RecordsTransaction, keys: RawBuilder<unknown>) {
  const found = await sql<SourceChanges>`
    select k.source, count(*)::integer as compared, count(c.turned)::integer as changed,
      count(*) filter (where c.turned = 'missing')::integer as missing
    from ${keys} c cross join lateral (
      select source from keysweep.tracked_key where id = c.key_id offset 0
    ) k
    group by k.source
  `.execute(tx);
  return found.rows;
}

interface Counted {
  readonly name: string;
  readonly keys: number;
}

/**
 * A rule judges a key differently if the key starts or stops breaking it, or becomes waived or
 * unknown. The rules do not judge a key that is missing or has left the inventory.
 */
async function readRules(tx: RecordsTransaction, keys: RawBuilder<unknown>) {
  const found = await sql<Counted>`
    with changed as materialized (
      select key_id, was_judgement, now_judgement from ${keys} c
      where turned not in ('missing', 'left')
    ), judged as (
      select key_id, v->>0 as rule, case when v->>2 is null then 1 else 2 end as outcome
      from changed, jsonb_array_elements(now_judgement->'v') v
      union all
      select key_id, v->>0, case when v->>2 is null then -1 else -2 end
      from changed, jsonb_array_elements(was_judgement->'v') v
      union all
      select key_id, u->>0, 3 from changed, jsonb_array_elements(now_judgement->'u') u
      union all
      select key_id, u->>0, -3 from changed, jsonb_array_elements(was_judgement->'u') u
    )
    select rule as name, count(*)::integer as keys from (
      select key_id, rule from judged where rule is not null
      group by key_id, rule having sum(outcome) <> 0
    ) differing group by rule
  `.execute(tx);
  return found.rows;
}

/** The fields that rules need and that could be read before. */
async function readFields(tx: RecordsTransaction, keys: RawBuilder<unknown>) {
  const found = await sql<Counted>`
    with unread as materialized (
      select distinct c.key_id, c.was_observation, field
      from ${keys} c, jsonb_array_elements(c.now_judgement->'u') u,
        jsonb_array_elements_text(
          case jsonb_typeof(u->2) when 'array' then u->2 else '[]' end
        ) as field
      where c.turned = 'unknown'
    )
    select field as name, count(*)::integer as keys
    from unread cross join lateral (
      select o.content from keysweep.observation o where o.id = unread.was_observation offset 0
    ) was
    where not was.content ? 'missing' and (was.content ? field) <> (field = 'lastUsed')
    group by field
  `.execute(tx);
  return found.rows;
}

/** What the vendor says about a key, besides its last use. */
const observed = ['name', 'type', 'scopes', 'createdOn', 'lastFour'];

/**
 * The facts of keys with another verdict that changed: what the vendor says and what the inventory
 * says. That a used key is used again is no change; its last use going back, or far ahead, is one.
 */
async function readFacts(tx: RecordsTransaction, keys: RawBuilder<unknown>) {
  const found = await sql<Counted>`
    with changed as materialized (
      select * from ${keys} c where turned in ('pass', 'fail', 'waived')
    ), seen as materialized (
      select c.*, was.content as was, now.content as now from changed c
      cross join lateral (
        select o.content from keysweep.observation o where o.id = c.was_observation offset 0
      ) was
      cross join lateral (
        select o.content from keysweep.observation o where o.id = c.now_observation offset 0
      ) now
      where not was.content ? 'missing' and not now.content ? 'missing'
    ), tracked as materialized (
      select to_jsonb(w) as was, to_jsonb(n) as now from changed c
      cross join lateral (
        select owner, environment, approved_scopes as "approvedScopes", tags
        from keysweep.inventory_entry where id = c.was_entry offset 0
      ) w
      cross join lateral (
        select owner, environment, approved_scopes as "approvedScopes", tags
        from keysweep.inventory_entry where id = c.now_entry offset 0
      ) n
      where c.was_entry <> c.now_entry
    ), facts as (
      select field from seen, unnest(${observed}::text[]) as field
      where was ? field and now ? field and was->field <> now->field
      union all
      select 'lastUsed' from seen
      where was_last_used > coalesce(now_last_used, '-infinity')
        or now_last_used > was_last_used + interval '30 days'
      union all
      select e.key from tracked, jsonb_each(was) e where e.value <> now->e.key
    )
    select field as name, count(*)::integer as keys from facts group by field
  `.execute(tx);
  return found.rows;
}

function addSources(into: Map<string, SourceChanges>, some: readonly SourceChanges[]): void {
  for (const one of some) {
    const { compared = 0, changed = 0, missing = 0 } = into.get(one.source) ?? {};
    into.set(one.source, {
      source: one.source,
      compared: compared + one.compared,
      changed: changed + one.changed,
      missing: missing + one.missing,
    });
  }
}

function addCounts(into: Map<string, number>, some: readonly Counted[]): void {
  for (const { name, keys } of some) into.set(name, (into.get(name) ?? 0) + keys);
}

function mostFirst(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort((a, b) => b[1] - a[1] || inOrder(a[0], b[0]));
}

/**
 * Compares independently of this machine's locale, because the named cause depends on the order.
 */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
