import type { Position } from '../documents/mistake.ts';
import type { Facts, Verdict } from '../evaluate/judgement.ts';
import type { RuleType } from '../evaluate/policy/policy.ts';
import type { UnknownReason } from '../keys/observation.ts';
import type { Expectation } from './case-schema.ts';

/** A rule that the key breaks. `waiver`: the waiver that covers it, or null. */
export interface CaseViolation {
  readonly rule: string;
  readonly message: string;
  readonly facts: Facts;
  readonly waiver: string | null;
}

/** A rule that could not be judged; null means the whole key. */
export interface CaseUnknown {
  readonly rule: string | null;
  readonly reason: UnknownReason;
  readonly fields: readonly string[];
  readonly detail: string;
}

/** The policy's result for a case's key. */
export interface CaseActual {
  readonly verdict: Verdict;
  readonly violations: readonly CaseViolation[];
  readonly unknowns: readonly CaseUnknown[];
}

/**
 * `differences`: how the result differs from the expectation, in words; empty if the case passes.
 */
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

/** How well the cases test a rule: how many match it, break it, or leave it unknown. */
export interface RuleCoverage {
  readonly rule: string;
  readonly type: RuleType;
  readonly cases: number;
  readonly broken: number;
  readonly unknown: number;
}

/** The combined result of all cases of a policy. */
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
