import { sql } from 'kysely';
import { type PolicyRule, type Severity, severities } from '../../../evaluate/policy/policy.ts';
import type { Records } from '../../store/database.ts';

/** Keys of one source in a sweep: their rows and names, and the batches that hold them. */
export interface SweptKeys {
  readonly source: string;
  readonly ids: readonly number[];
  readonly names: readonly string[];
  readonly batches: readonly number[];
}

/** All keys of a source in a closed sweep, by name; `batches` has the batch of each. */
export interface SourceKeys extends SweptKeys {
  /** For each key, the bits of what its judgement says. */
  readonly marks: readonly number[];
}

/** The keys of a closed sweep in the order of its report: by source, then by name. */
export type ReportOrder = readonly SourceKeys[];

/** The bit of keys with a rule that could not be judged. */
export const unjudgedMark = 1 << severities.length;

/** The bit of keys that break a rule of this severity. */
export function brokenMark(severity: Severity): number {
  return 1 << severities.indexOf(severity);
}

/** Lists the keys when they are first needed. */
export type ReadOrder = () => Promise<ReportOrder>;

/**
 * One statement for all lists of a report, because it opens all packs and looks up every name.
 * Drivers read an array of JSON many times faster than a row per key.
 */
export async function listReport(
  db: Records,
  sweepRow: number,
  rules: readonly PolicyRule[],
): Promise<ReportOrder> {
  const { rows } = await sql<SourceKeys>`
    select source, json_agg(id) as ids, json_agg(key_id) as names, json_agg(batch) as batches,
      json_agg(marks) as marks
    from (
      select k.source, k.id, k.key_id, s.batch, s.marks
      from (
        select key_id, batch, case when judgement is null then 0 else ${marksOf(rules)} end as marks
        from keysweep.sweep_key where sweep_id = ${sweepRow} offset 0
      ) s join keysweep.tracked_key k on k.id = s.key_id
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
