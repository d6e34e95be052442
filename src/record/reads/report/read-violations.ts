import { sql } from 'kysely';
import type { Violation } from '../../../evaluate/judgement.ts';
import { type PolicyRule, type Severity, severities } from '../../../evaluate/policy/policy.ts';
import { describeViolation } from '../../../report/describe-violation.ts';
import type { ReportViolation } from '../../../report/model.ts';
import { markFirstSeen } from '../../../report/simulated.ts';
import type { Records } from '../../store/database.ts';
import { readJudgement, type StoredJudgement } from '../../store/stored-judgement.ts';
import { brokenMark, type ReadOrder, type SweptKeys } from './list-report.ts';
import { readAhead } from './read-ahead.ts';
import { type FirstSeen, readFirstSeen } from './read-first-seen.ts';
import { cutOrder, readSweptRows, type SweptRow } from './swept-rows.ts';

/** The sweep whose violations are read. */
export interface JudgedSweep {
  readonly id: number;
  readonly opened_at: Date;
  readonly simulated: boolean;
}

interface Found {
  readonly judgement: StoredJudgement;
  readonly name: string | null;
}

const wanted = {
  judgement: sql`s.judgement`,
  name: sql`o.content->>'name'`,
};

/** A key that breaks a rule, and when each of its findings was first seen, by rule. */
interface Broken {
  readonly row: Found & SweptRow;
  readonly seen: ReadonlyMap<string, FirstSeen> | undefined;
}

/** What keys of the sweep violate, highest severity first. */
export async function* readViolations(
  db: Records,
  sweep: JudgedSweep,
  list: ReadOrder,
  rules: readonly PolicyRule[],
): AsyncIterable<ReportViolation> {
  const read = (some: SweptKeys) => readBroken(db, sweep, some);
  const listed = await list();
  for (const severity of [...severities].reverse()) {
    const ofSeverity = rulesOf(rules, severity);
    for await (const rows of readAhead(cutOrder(listed, brokenMark(severity)), read)) {
      for (const one of rows) yield* violationsOf(one, ofSeverity, sweep);
    }
  }
}

function rulesOf(rules: readonly PolicyRule[], severity: Severity) {
  return new Map(rules.filter((rule) => rule.severity === severity).map((rule) => [rule.id, rule]));
}

async function readBroken(
  db: Records,
  sweep: JudgedSweep,
  some: SweptKeys,
): Promise<readonly Broken[]> {
  const rows = await readSweptRows<Found>(db, sweep.id, some, wanted);
  const seen = await readFirstSeen(db, some.ids);
  return rows.map((row) => ({ row, seen: seen.get(row.id) }));
}

function violationsOf(
  broken: Broken,
  rules: ReadonlyMap<string, PolicyRule>,
  sweep: JudgedSweep,
): readonly ReportViolation[] {
  return readJudgement(broken.row.judgement).violations.flatMap((violation) => {
    const rule = rules.get(violation.rule);
    return rule === undefined ? [] : [toViolation(broken, violation, rule, sweep)];
  });
}

/** A sweep that closed late may have found what another one saw first. */
function toViolation(
  { row, seen }: Broken,
  violation: Violation,
  rule: PolicyRule,
  sweep: JudgedSweep,
) {
  const { at, simulated } = seen?.get(rule.id) ?? {
    at: sweep.opened_at,
    simulated: sweep.simulated,
  };
  return describeViolation({
    ...{ violation, rule, source: row.source, keyId: row.keyId },
    ...{ keyName: row.name ?? undefined, owner: row.owner },
    firstSeen: at,
    ...markFirstSeen(simulated),
  });
}
