import { type RawBuilder, sql } from 'kysely';
import type { Verdict } from '../../../evaluate/judgement.ts';
import { type Severity, severities } from '../../../evaluate/policy/policy.ts';
import { isAtLeast } from '../../../evaluate/policy/severity.ts';
import type { ReportFinding } from '../../../report/model.ts';
import { verdictCode } from '../../store/codes.ts';
import type { Database, Records } from '../../store/database.ts';
import { findText } from './find-text.ts';
import { allOf, anyOf, holdsText, type KeyFilter, keyConditions } from './key-filter.ts';

export type FindingStatus = ReportFinding['status'];

export interface FindingsFilter extends KeyFilter {
  readonly rule?: readonly string[] | undefined;
  readonly statuses: readonly FindingStatus[];
  /** This severity and higher ones. */
  readonly severity: Severity;
}

/** The wanted severities, the highest first. */
export function wantedSeverities(severity: Severity): readonly Severity[] {
  return [...severities].reverse().filter((one) => isAtLeast(one, severity));
}

/** The condition on the state of a finding `f`, written out, so that a partial index serves it. */
export function statusCondition(statuses: readonly FindingStatus[]): RawBuilder<unknown> {
  return sql`f.state in (${sql.join(statuses.map((status) => sql.lit(status)))})`;
}

/**
 * The condition that a finding `f` must meet, its severity apart. The keys that it may belong to are
 * read first, and once. Only the verdict is looked up for each finding: a verdict may be that of
 * almost all keys.
 */
export async function readCondition(
  { db }: Pick<Database, 'db'>,
  filter: FindingsFilter,
): Promise<RawBuilder<unknown>> {
  const { text, source, statuses, rule, verdict, ...ofKey } = filter;
  const ofKeys = keyConditions(ofKey);
  const inSource = ofKeys.length === 0 ? [] : keyConditions({ source });
  const keys = await readKeyRows(db, [...ofKeys, ...inSource]);
  const conditions = [
    statusCondition(statuses),
    rule && sql`f.rule = ${anyOf(rule)}`,
    source && sql`f.source = ${anyOf(source)}`,
    keys && sql`f.key_id = any (${keys}::integer[])`,
    verdict && verdictCondition(verdict),
    text === undefined ? undefined : await readTextCondition(db, text),
  ];
  return allOf(conditions.flatMap((condition) => condition ?? []));
}

/** A subquery for the value, because the planner would join all keys for an `exists`. */
function verdictCondition(verdicts: readonly Verdict[]): RawBuilder<unknown> {
  return sql`(select k.verdict from keysweep.tracked_key k where k.id = f.key_id)
    = any (${verdicts.map(verdictCode)}::smallint[])`;
}

async function readTextCondition(db: Records, text: string): Promise<RawBuilder<unknown>> {
  const { isIn } = await findText(db, text);
  const entry = sql`(select k.entry_id from keysweep.tracked_key k where k.id = f.key_id)`;
  return sql`(${holdsText(sql`f.rule`, text)} or ${isIn(sql`f.key_id`, entry)})`;
}

/** Undefined without conditions: then it may be any key. */
async function readKeyRows(
  db: Records,
  conditions: readonly RawBuilder<unknown>[],
): Promise<readonly number[] | undefined> {
  if (conditions.length === 0) return undefined;
  const { rows } = await sql<{ id: number }>`
    select k.id from keysweep.tracked_key k where ${allOf(conditions)}
  `.execute(db);
  return rows.map(({ id }) => id);
}
