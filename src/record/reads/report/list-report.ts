import { type RawBuilder, sql } from 'kysely';
import { type PolicyRule, type Severity, severities } from '../../../evaluate/policy/policy.ts';
import type { Records } from '../../store/database.ts';

/**
 * What a closed sweep says of the keys of one source, by name. The lists are as long as there are
 * keys, and each place stands for the same key in all of them.
 */
export interface SweptKeys {
  readonly source: string;
  readonly ids: readonly number[];
  readonly names: readonly string[];
  readonly batches: readonly number[];
  /** The rows of what the inventory said. */
  readonly entries: readonly number[];
  readonly verdicts: readonly number[];
  /** The bits of what the judgement says. */
  readonly marks: readonly number[];
  /** The rows of what the vendor said, if it said anything. */
  readonly observations: readonly (number | null)[];
  /** In milliseconds. */
  readonly lastUsed: readonly (number | null)[];
}

/** The keys of a closed sweep in the order of its report: by source, then by name. */
export type ReportOrder = readonly SweptKeys[];

/** Lists the keys when they are first needed. */
export type ReadOrder = () => Promise<ReportOrder>;

/** The bit of keys with a rule that could not be judged. */
export const unjudgedMark = 1 << severities.length;

/** The bit of keys that break a rule of this severity. */
export function brokenMark(severity: Severity): number {
  return 1 << severities.indexOf(severity);
}

/**
 * One statement for all lists of a report: it opens each pack once and looks up every name. Drivers
 * read an array of JSON many times faster than a row per key.
 */
export async function listReport(
  db: Records,
  sweepRow: number,
  rules: readonly PolicyRule[],
): Promise<ReportOrder> {
  const { rows } = await sql<SweptKeys>`
    select source, json_agg(id) as ids, json_agg(key_id) as names, json_agg(batch) as batches,
      json_agg(entry_id) as entries, json_agg(verdict) as verdicts, json_agg(marks) as marks,
      json_agg(observation_id) as observations,
      json_agg(${milliseconds(sql`last_used`)}) as "lastUsed"
    from (
      select k.source, k.id, k.key_id, s.*
      from (
        select key_id as key_row, batch, entry_id, verdict, observation_id, last_used,
          case when judgement is null then 0 else ${marksOf(rules)} end as marks
        from keysweep.sweep_key where sweep_id = ${sweepRow} offset 0
      ) s join keysweep.tracked_key k on k.id = s.key_row
      order by k.source, k.key_id
    ) listed
    group by source order by source
  `.execute(db);
  return rows;
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
