import { type RawBuilder, sql } from 'kysely';
import { type PolicyRule, type Severity, severities } from '../../../evaluate/policy/policy.ts';
import type { Database, Records } from '../../store/database.ts';
import { readInPages } from '../../store/paging/read-in-pages.ts';
import { groupSources, type SweptSource } from './group-sources.ts';
import { readAhead } from './read-ahead.ts';
import {
  createReportOrder,
  keysOfPart,
  never,
  type OrderedRow,
  type ReportOrder,
} from './report-order.ts';

/** Lists the keys when they are first needed. */
export type ReadOrder = () => Promise<ReportOrder>;

/** The bit of keys with a rule that could not be judged. */
export const unjudgedMark = 1 << severities.length;

/** The bit of keys that break a rule of this severity. */
export function brokenMark(severity: Severity): number {
  return 1 << severities.indexOf(severity);
}

/**
 * Opens each pack once and looks up every name, in the view of an instant that ends as soon as the
 * list is copied, however slowly the report is read. Drivers read numbers in JSON many times faster
 * than columns.
 */
export async function listReport(
  database: Database,
  sweepRow: number,
  rules: readonly PolicyRule[],
): Promise<ReportOrder> {
  const order = createReportOrder();
  await database.view(async (view) => {
    for (const sources of groupSources(await readSources(view, sweepRow))) {
      const list = listOf(sweepRow, sources, rules);
      for await (const rows of readAhead(readInPages(view, list, keysOfPart))) {
        order.add(sources, rows);
      }
    }
  });
  return order;
}

async function readSources(view: Records, sweepRow: number): Promise<readonly SweptSource[]> {
  const { rows } = await sql<SweptSource>`
    select source collate "C" as source, count(*)::integer as batches from keysweep.sweep_batch
    where sweep_id = ${sweepRow} group by 1 order by 1
  `.execute(view);
  return rows;
}

/**
 * PostgreSQL sorts by a name alone in a third of the time that it takes by source and name. Only
 * damaged records lack a source, an entry or a verdict; without a number, all that follow would shift.
 */
function listOf(
  sweepRow: number,
  sources: readonly string[],
  rules: readonly PolicyRule[],
): RawBuilder<OrderedRow> {
  return sql`
    select marks || ',' || place || ',' || id || ',' || coalesce(entry_id, 0) || ','
        || coalesce(verdict, 0) || ',' || coalesce(observation_id, 0) || ','
        || coalesce(${milliseconds(sql`last_used`)}, ${sql.lit(never)}) as numbers,
      key_id as name, judgement::text as judgement
    from (
      select k.id, k.key_id, coalesce(array_position(${sources}::text[], k.source), 0) as place, s.*
      from (
        select key_id as key_row, entry_id, verdict, observation_id, last_used, judgement,
          case when judgement is null then 0 else ${marksOf(rules)} end as marks
        from keysweep.sweep_key where sweep_id = ${sweepRow} and batch = any (array(
          select batch from keysweep.sweep_batch
          where sweep_id = ${sweepRow} and source = any (${sources}::text[])
        )) offset 0
      ) s join keysweep.tracked_key k on k.id = s.key_row
      order by ${sources.length === 1 ? sql`k.key_id` : sql`k.source, k.key_id`} offset 0
    ) listed
  `;
}

/** The bits for a column `judgement`. A rule that the policy does not name has none. */
function marksOf(rules: readonly PolicyRule[]) {
  const ids = rules.map(({ id }) => id);
  const bits = rules.map(({ severity }) => brokenMark(severity));
  return sql`coalesce((
      select bit_or((${bits}::integer[])[array_position(${ids}::text[], v->>0)])
      from jsonb_array_elements(judgement->'v') v
    ), 0) + case when judgement ? 'u' then ${unjudgedMark}::integer else 0 end`;
}

/** An instant as a number in JSON: milliseconds, which `new Date` takes. */
export function milliseconds(instant: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`floor(extract(epoch from ${instant}) * 1000)::bigint`;
}
