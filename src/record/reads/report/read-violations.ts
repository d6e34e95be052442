import type { Violation } from '../../../evaluate/judgement.ts';
import { type PolicyRule, type Severity, severities } from '../../../evaluate/policy/policy.ts';
import { describeViolation } from '../../../report/describe-violation.ts';
import type { OfKey, ReportViolation } from '../../../report/model.ts';
import { markFirstSeen } from '../../../report/simulated.ts';
import type { Records } from '../../store/database.ts';
import { readJudgement } from '../../store/stored-judgement.ts';
import { brokenMark, type ReadOrder } from './list-report.ts';
import { readAhead, readEach } from './read-ahead.ts';
import { type FirstSeen, readFirstSeen } from './read-first-seen.ts';
import { type ReportedKey, readJudgedKeys } from './read-judged-keys.ts';
import type { OrderedKey } from './report-order.ts';

/** The sweep whose violations are read. */
export interface JudgedSweep {
  readonly opened_at: Date;
  readonly simulated: boolean;
}

/** A key that breaks a rule, and when each of its findings was first seen, by rule. */
interface Broken extends ReportedKey {
  readonly seen: ReadonlyMap<string, FirstSeen> | undefined;
}

/** What keys of the sweep violate, highest severity first. */
export async function* readViolations(
  db: Records,
  sweep: JudgedSweep,
  list: ReadOrder,
  rules: readonly PolicyRule[],
): AsyncIterable<OfKey<ReportViolation>> {
  const read = (part: readonly OrderedKey[]) => readBroken(db, part);
  const listed = await list();
  for (const severity of [...severities].reverse()) {
    const ofSeverity = rulesOf(rules, severity);
    const pages = readEach(listed.parts(brokenMark(severity)), read);
    for await (const rows of readAhead(pages)) {
      for (const one of rows) {
        for (const violation of violationsOf(one, ofSeverity, sweep)) yield violation;
      }
    }
  }
}

function rulesOf(rules: readonly PolicyRule[], severity: Severity) {
  return new Map(rules.filter((rule) => rule.severity === severity).map((rule) => [rule.id, rule]));
}

async function readBroken(db: Records, listed: readonly OrderedKey[]): Promise<readonly Broken[]> {
  const judged = await readJudgedKeys(db, listed);
  const seen = await readFirstSeen(
    db,
    listed.map(({ id }) => id),
  );
  return judged.map((one) => ({ ...one, seen: seen.get(one.id) }));
}

function violationsOf(
  broken: Broken,
  rules: ReadonlyMap<string, PolicyRule>,
  sweep: JudgedSweep,
): readonly OfKey<ReportViolation>[] {
  return readJudgement(broken.judgement).violations.flatMap((violation) => {
    const rule = rules.get(violation.rule);
    return rule === undefined ? [] : [toViolation(broken, violation, rule, sweep)];
  });
}

/** A sweep that closed late may have found what another one saw first. */
function toViolation(
  { key, seen }: Broken,
  violation: Violation,
  rule: PolicyRule,
  sweep: JudgedSweep,
): OfKey<ReportViolation> {
  const { at, simulated } = seen?.get(rule.id) ?? {
    at: sweep.opened_at,
    simulated: sweep.simulated,
  };
  const { source, keyId, name: keyName, owner } = key;
  const described = describeViolation({
    ...{ violation, rule, source, keyId, keyName, owner, firstSeen: at },
    ...markFirstSeen(simulated),
  });
  return { ...described, key };
}
