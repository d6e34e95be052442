import { sql } from 'kysely';
import { eventTypes } from '../evaluate/history/events.ts';
import type { Database } from '../record/store/database.ts';
import type { ObservationContent } from '../record/store/observation-content.ts';
import { rowsOfPairs } from '../record/store/packs/sweep-rows.ts';
import type { StoredJudgement } from '../record/store/stored-judgement.ts';
import type { Acknowledged } from './plan-fold.ts';

export type Pair = readonly [sweep: number, key: number];

/** Finds which of these sweeps contain each key; each sweep has only some keys. */
export async function readPartials(database: Database, sweeps: readonly number[]) {
  const swept = new Map<number, number[]>();
  const { rows } = await sql<{ sweep_id: number; key_id: number }>`
    select s.sweep_id, s.key_id from unnest(${sweeps}::integer[]) as wanted (id)
    cross join lateral (
      select sweep_id, key_id from keysweep.sweep_key k where k.sweep_id = wanted.id offset 0
    ) s
  `.execute(database.db);
  for (const { sweep_id, key_id } of rows) {
    const known = swept.get(key_id);
    if (known === undefined) swept.set(key_id, [sweep_id]);
    else known.push(sweep_id);
  }
  return swept;
}

/** A key that was first tracked after a sweep has a higher row id than all keys of that sweep. */
export async function readLastKey(database: Database, sweep: number): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`
    select max(l.last_key) as last
    from keysweep.sweep_batch b join keysweep.key_list l on l.id = b.list_id
    where b.sweep_id = ${sweep}
  `.execute(database.db);
  return rows[0]?.last ?? 0;
}

/** A key's row in an earlier sweep. */
export interface PastEvidence {
  readonly sweep_id: number;
  readonly key_id: number;
  readonly observed_at: Date;
  readonly last_used: Date | null;
  readonly judgement: StoredJudgement | null;
  readonly content: ObservationContent | null;
}

/** Rows per statement: PGlite blocks the process while one runs. */
const chunk = 5_000;

/** The rows of these pairs, by key, without scopes and names, which the past leaves out. */
export async function readPastRows(database: Database, pairs: readonly Pair[]) {
  const byKey = new Map<number, PastEvidence[]>();
  for (let at = 0; at < pairs.length; at += chunk) {
    const some = pairs.slice(at, at + chunk);
    const { rows } = await sql<PastEvidence>`
      select s.sweep_id, s.key_id, s.observed_at, s.last_used, s.judgement,
        o.content - '{name,scopes}'::text[] as content
      from ${rowsOfPairs(some)}
      left join keysweep.observation o on o.id = s.observation_id
      where s.verdict is not null
    `.execute(database.db);
    for (const row of rows) {
      const known = byKey.get(row.key_id);
      if (known === undefined) byKey.set(row.key_id, [row]);
      else known.push(row);
    }
  }
  return byKey;
}

/** The acknowledgements of these keys, oldest first. */
export async function readAcknowledged(database: Database, keyRows: readonly number[]) {
  const byKey = new Map<number, Acknowledged[]>();
  if (keyRows.length === 0) return byKey;
  const { rows } = await sql<Acknowledged & { key_id: number }>`
    select f.key_id, f.rule, f.type, e.facts, e.at from keysweep.finding f
    join keysweep.finding_event e on e.finding_id = f.id
    where f.key_id = any (${keyRows}::integer[]) and f.type = any (${[...eventTypes]}::text[])
      and e.resolution = 'acknowledged'
    order by e.id
  `.execute(database.db);
  for (const { key_id, ...acknowledged } of rows) {
    byKey.set(key_id, [...(byKey.get(key_id) ?? []), acknowledged]);
  }
  return byKey;
}
