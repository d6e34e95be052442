import type { KeyDetails, Observation } from '../keys/observation.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import type { CompiledPolicy, CompiledRule } from './compile-policy.ts';
import type { Judgement, Unjudged, Verdict, Violation } from './judgement.ts';
import { applies } from './match.ts';
import { type Outcome, pass, type Subject, unknown } from './rule.ts';
import { readScopes } from './scope.ts';

/** One key, what was learned of it, and what to judge it by. `asOf`: when the sweep was opened. */
export interface EvaluateInput {
  readonly observation: Observation;
  readonly key: TrackedKey;
  readonly policy: CompiledPolicy;
  readonly asOf: Date;
  readonly usageLagMs: number;
}

/**
 * What a policy says of one key: its verdict, the rules it breaks and the rules that could not be
 * judged, in the policy's order. Of a missing key only the `missing` rules are judged; where none
 * applies to it, it is unknown, because nothing was judged at all.
 */
export function evaluate(input: EvaluateInput): Judgement {
  const { observation, policy } = input;
  if (observation.kind === 'unknown') {
    const { reason, detail } = observation;
    return judgement([], [{ rule: null, reason, detail }]);
  }

  const subject = readSubject(input, observation);
  if (subject.exists) return judgeRules(policy.rules, subject);

  const judged = judgeRules(missingRules(policy), subject);
  return judged.verdict === 'pass' ? judgement([], [missingUnjudged]) : judged;
}

/** Of a missing key nothing else is judged. */
function missingRules({ rules }: CompiledPolicy): readonly CompiledRule[] {
  return rules.filter((rule) => rule.type === 'missing');
}

const missingUnjudged: Unjudged = {
  rule: null,
  reason: 'missing',
  detail: 'no such key, and no missing rule applies to it',
};

const nothingReadable: KeyDetails = {
  name: undefined,
  type: undefined,
  scopes: undefined,
  createdOn: undefined,
  lastUsed: undefined,
  lastFour: undefined,
};

function judgeRules(rules: readonly CompiledRule[], subject: Subject): Judgement {
  const violations: Violation[] = [];
  const unjudged: Unjudged[] = [];
  for (const rule of rules) {
    const outcome = judgeRule(rule, subject);
    if (outcome.kind === 'violation') {
      violations.push({ rule: rule.id, facts: outcome.facts, waiver: null });
    } else if (outcome.kind === 'unknown') {
      unjudged.push({ rule: rule.id, reason: outcome.reason, detail: outcome.detail });
    }
  }
  return judgement(violations, unjudged);
}

function judgeRule(rule: CompiledRule, subject: Subject): Outcome {
  const applied = applies(rule.match, subject);
  if (applied.answer === 'no') return pass;
  if (applied.answer === 'unknown') return unknown('field-unreadable', applied.field);
  return rule.check(subject);
}

function readSubject(
  { key, policy, asOf, usageLagMs }: EvaluateInput,
  observation: Exclude<Observation, { kind: 'unknown' }>,
): Subject {
  const exists = observation.kind === 'present';
  const details = exists ? observation.details : nothingReadable;
  return {
    source: key.source,
    environment: key.environment,
    owner: key.owner,
    tags: key.tags,
    type: details.type,
    scopes: readScopes(details.scopes),
    approvedScopes: key.approvedScopes,
    exists,
    createdOn: readInstant(details.createdOn),
    lastUsed: details.lastUsed === null ? null : readInstant(details.lastUsed),
    observedAt: observation.at.getTime(),
    asOf: asOf.getTime(),
    usageLagMs,
    neverUsed: policy.neverUsed,
  };
}

/** An invalid Date would slip through every comparison: it is unreadable. */
function readInstant(date: Date | undefined): number | undefined {
  const ms = date?.getTime();
  return Number.isNaN(ms) ? undefined : ms;
}

function judgement(violations: readonly Violation[], unjudged: readonly Unjudged[]): Judgement {
  return { verdict: verdictOf(violations, unjudged), violations, unjudged };
}

function verdictOf(violations: readonly Violation[], unjudged: readonly Unjudged[]): Verdict {
  if (violations.some((violation) => violation.waiver === null)) return 'fail';
  if (unjudged.length > 0) return 'unknown';
  return violations.length > 0 ? 'waived' : 'pass';
}
