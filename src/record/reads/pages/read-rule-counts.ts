import { sql } from 'kysely';
import type { Database } from '../../store/database.ts';

/** How many findings of a rule are not resolved. */
export interface RuleFindings {
  readonly rule: string;
  readonly open: number;
  readonly waived: number;
}

export async function readRuleFindings({ db }: Database): Promise<readonly RuleFindings[]> {
  const { rows } = await sql<RuleFindings>`
    select rule, count(*) filter (where state = 'open')::integer as open,
      count(*) filter (where state = 'waived')::integer as waived
    from keysweep.finding where state <> 'resolved' group by rule
  `.execute(db);
  return rows;
}

/** How many findings each waiver covers now, by its id. */
export async function readWaiverCover({ db }: Database): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ waiver: string; findings: number }>`
    select waiver->>'id' as waiver, count(*)::integer as findings
    from keysweep.finding where state = 'waived' and state <> 'resolved' group by 1
  `.execute(db);
  return new Map(rows.map(({ waiver, findings }) => [waiver, findings]));
}
