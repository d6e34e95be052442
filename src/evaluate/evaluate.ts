import { noDetails } from '../keys/detail-fields.ts';
import type { Observation } from '../keys/observation.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import type { History } from './history/history.ts';
import type { Judgement, Unjudged, Verdict, Violation } from './judgement.ts';
import type { CompiledPolicy, CompiledRule } from './policy/compile-policy.ts';
import { applies } from './policy/match.ts';
import { readInstant } from './read-instant.ts';
import { type Outcome, pass, type Subject, unreadable } from './rule.ts';
import { readScopes } from './scope.ts';
import { waive } from './waivers/waive.ts';

/** One key, its observation, and what to judge it by. `asOf`: when the sweep was opened. */
export interface EvaluateInput {
  readonly observation: Observation;
  readonly key: TrackedKey;
  readonly policy: CompiledPolicy;
  readonly asOf: Date;
  readonly usageLagMs: number;
  readonly history: History;
}

/**
 * Judges one key by a policy. The result has the verdict, the rules that the key breaks and the
 * rules that could not be judged, in the policy's order. The `unaudited` rules come last; for a key
 * that could not be observed they are the only ones. For a missing key only the `missing` rules are
 * judged; when none of them applies, the key is unknown, because nothing was judged.
 */
export function evaluate(input: EvaluateInput): Judgement {
  const subject = readSubject(input);
  const judged = judgeObserved(input, subject);
  const judgement = conclude(input, subject, judged);
  if (judgement.verdict !== 'unknown' || input.policy.unaudited.length === 0) return judgement;

  const more = judgeUnaudited(input, subject, judged);
  return { ...conclude(input, subject, more), known: false };
}

function conclude({ policy }: EvaluateInput, subject: Subject, judged: Judged): Judgement {
  const { unjudged } = judged;
  const { violations, changes } = waive(judged.violations, subject, policy.waivers);
  const verdict = verdictOf(violations, unjudged);
  return { verdict, violations, unjudged, known: verdict !== 'unknown', waiverChanges: changes };
}

interface Judged {
  readonly violations: readonly Violation[];
  readonly unjudged: readonly Unjudged[];
}

function judgeObserved({ observation, policy }: EvaluateInput, subject: Subject): Judged {
  if (observation.kind === 'unknown') {
    const { reason, detail } = observation;
    const because = { said: detail };
    return { violations: [], unjudged: [{ rule: null, reason, fields: [], because }] };
  }
  if (subject.exists) return judgeRules(policy.rules, subject);

  const judged = judgeRules(policy.missing, subject);
  const any = judged.violations.length + judged.unjudged.length > 0;
  return any ? judged : { violations: [], unjudged: [missingUnjudged] };
}

/** A key that could not be observed is already reported as unknown as a whole. */
function judgeUnaudited(
  { observation, policy }: EvaluateInput,
  subject: Subject,
  judged: Judged,
): Judged {
  const { violations, unjudged } = judgeRules(policy.unaudited, subject);
  return {
    violations: [...judged.violations, ...violations],
    unjudged: observation.kind === 'unknown' ? judged.unjudged : [...judged.unjudged, ...unjudged],
  };
}

const missingUnjudged: Unjudged = {
  rule: null,
  reason: 'missing',
  fields: [],
  because: 'no-missing-rule',
};

function judgeRules(rules: readonly CompiledRule[], subject: Subject): Judged {
  const violations: Violation[] = [];
  const unjudged: Unjudged[] = [];
  for (const rule of rules) {
    const outcome = judgeRule(rule, subject);
    if (outcome.kind === 'violation') {
      violations.push({ rule: rule.id, facts: outcome.facts, waiver: null });
    } else if (outcome.kind === 'unknown') {
      const { reason, fields, because } = outcome;
      unjudged.push({ rule: rule.id, reason, fields, because });
    }
  }
  return { violations, unjudged };
}

function judgeRule(rule: CompiledRule, subject: Subject): Outcome {
  const applied = applies(rule.match, subject);
  if (applied.answer === 'no') return pass;
  if (applied.answer === 'unknown') return unreadable([applied.field]);
  return rule.check(subject);
}

function readSubject({
  key,
  policy,
  asOf,
  usageLagMs,
  history,
  observation,
}: EvaluateInput): Subject {
  const exists = observation.kind === 'present';
  const details = exists ? observation.details : noDetails;
  return {
    source: key.source,
    keyId: key.keyId,
    environment: key.environment,
    owner: key.owner,
    tags: key.tags,
    name: details.name,
    type: details.type,
    scopes: readScopes(details.scopes),
    approvedScopes: key.approvedScopes,
    lastFour: details.lastFour,
    exists,
    createdOn: readInstant(details.createdOn),
    lastUsed: details.lastUsed === null ? null : readInstant(details.lastUsed),
    observedAt: observation.at.getTime(),
    asOf: asOf.getTime(),
    usageLagMs,
    neverUsed: policy.neverUsed,
    history,
  };
}

function verdictOf(violations: readonly Violation[], unjudged: readonly Unjudged[]): Verdict {
  if (violations.some((violation) => violation.waiver === null)) return 'fail';
  if (unjudged.length > 0) return 'unknown';
  return violations.length > 0 ? 'waived' : 'pass';
}
