import { sql } from 'kysely';
import { type PolicyRule, type Severity, severities } from '../../../evaluate/policy/policy.ts';
import type { Records } from '../../store/database.ts';

/** Keys of a sweep by their rows, and the numbers of the batches that hold them. */
export interface SweptKeys {
  readonly ids: readonly number[];
  readonly batches: readonly number[];
}

/** All keys of a closed sweep in the order of its report, by source and name. */
export interface ReportOrder extends SweptKeys {
  /** For each key, the bits of what its judgement says. */
  readonly marks: readonly number[];
}

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
  const { rows } = await sql<{ [Column in keyof ReportOrder]: ReportOrder[Column] | null }>`
    select json_agg(id) as ids, json_agg(batch) as batches, json_agg(marks) as marks
    from (
      select k.id, s.batch, s.marks
      from (
        select key_id, batch, case when judgement is null then 0 else ${marksOf(rules)} end as marks
        from keysweep.sweep_key where sweep_id = ${sweepRow} offset 0
      ) s join keysweep.tracked_key k on k.id = s.key_id
      order by k.source, k.key_id
    ) listed
  `.execute(db);
  const { ids, batches, marks } = rows[0] ?? {};
  return { ids: ids ?? [], batches: batches ?? [], marks: marks ?? [] };
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
