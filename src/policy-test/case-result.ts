import type { Position } from '../documents/mistake.ts';
import type { Facts, Verdict } from '../evaluate/judgement.ts';
import type { RuleType } from '../evaluate/policy/policy.ts';
import type { UnknownReason } from '../keys/observation.ts';
import type { Expectation } from './case-schema.ts';

/** A rule that a case broke. `waiver`: the one that covers it, or null. */
export interface CaseViolation {
  readonly rule: string;
  readonly message: string;
  readonly facts: Facts;
  readonly waiver: string | null;
}

/** A rule, or with null the whole key, that could not be judged. */
export interface CaseUnknown {
  readonly rule: string | null;
  readonly reason: UnknownReason;
  readonly fields: readonly string[];
  readonly detail: string;
}

/** What the policy says of a case's key. */
export interface CaseActual {
  readonly verdict: Verdict;
  readonly violations: readonly CaseViolation[];
  readonly unknowns: readonly CaseUnknown[];
}

/** `differences`: in words, between what was expected and what came; none where the case passes. */
export interface CaseResult extends Position {
  readonly name: string;
  readonly rule: string | null;
  readonly expected: Expectation;
  readonly actual: CaseActual;
  readonly differences: readonly string[];
}

export interface FileResult {
  readonly file: string;
  readonly policy: string;
  readonly cases: readonly CaseResult[];
}

/** How the cases try a rule: how many are about it, break it, and leave it unknown. */
export interface RuleCoverage {
  readonly rule: string;
  readonly type: RuleType;
  readonly cases: number;
  readonly broken: number;
  readonly unknown: number;
}

/** What all cases together say of a policy. */
export interface PolicyResult {
  readonly file: string;
  readonly version: string;
  readonly hash: string;
  readonly rules: readonly RuleCoverage[];
  readonly warnings: readonly string[];
}

export interface TestResult {
  readonly files: readonly FileResult[];
  readonly policies: readonly PolicyResult[];
}
