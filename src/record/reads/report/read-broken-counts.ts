import { sql } from 'kysely';
import type { PolicyRule } from '../../../evaluate/policy/policy.ts';
import type { BrokenCount } from '../../../report/model.ts';
import type { Database } from '../../store/database.ts';

interface Row {
  readonly rule: string;
  readonly waiver: string | null;
  readonly keys: number;
}

/** What the keys of a closed sweep violate, counted in one statement that opens each pack once. */
export async function readBrokenCounts(
  database: Database,
  sweepRow: number,
  rules: readonly PolicyRule[],
): Promise<readonly BrokenCount[]> {
  const severities = new Map(rules.map(({ id, severity }) => [id, severity]));
  const counts = sql<Row>`
    select v->>0 as rule, v->>2 as waiver, count(*)::integer as keys
    from keysweep.sweep_key s cross join lateral jsonb_array_elements(s.judgement->'v') v
    where s.sweep_id = ${sweepRow} group by 1, 2
  `;
  const { rows } = await database.view((view) => counts.execute(view));
  return rows.flatMap((row) => {
    const severity = severities.get(row.rule);
    return severity === undefined ? [] : [{ ...row, severity }];
  });
}
