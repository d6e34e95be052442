import { shownFile } from '../documents/mistake.ts';
import { compilePolicy } from '../evaluate/policy/compile-policy.ts';
import type { PolicyRule } from '../evaluate/policy/policy.ts';
import { settleWaivers } from '../evaluate/waivers/approvals.ts';
import type {
  CaseResult,
  FileResult,
  PolicyResult,
  RuleCoverage,
  TestResult,
} from './case-result.ts';
import { compareCase } from './compare-case.ts';
import { findIdleRules } from './find-idle-rules.ts';
import { judgeCase } from './judge-case.ts';
import { findIdleWaivers, keysOfCases, type WaivableKeys } from './match-waivers.ts';
import { type CasePlan, planCase } from './plan-case.ts';
import type { ReadCases } from './read-cases.ts';

/**
 * Judges all cases, and lists what they leave untested in each policy: rules that no case breaks,
 * and waivers that match no key of the inventory (without an inventory: of the cases). With an
 * inventory, the list includes rules that match none of its keys.
 */
export function runCases(
  files: readonly ReadCases[],
  { inventory, cwd, needsApprovals }: RunTerms,
): TestResult {
  const ran = files.map((file) => runFile(file, { cwd, needsApprovals }));
  const policies = [...new Set(files.map(({ policyFile }) => policyFile))];
  return {
    files: ran.map(({ result }) => result),
    policies: policies.map((policy) =>
      sumUp(
        ran.filter(({ read }) => read.policyFile === policy),
        inventory,
      ),
    ),
  };
}

export interface RunTerms {
  readonly inventory: WaivableKeys | undefined;
  readonly cwd: string;
  /** Whether a waiver counts only if the file of cases says that it is approved. */
  readonly needsApprovals: boolean;
}

interface Ran {
  readonly read: ReadCases;
  readonly plans: readonly CasePlan[];
  readonly result: FileResult;
}

function runFile(read: ReadCases, { cwd, needsApprovals }: Omit<RunTerms, 'inventory'>): Ran {
  const { approved = needsApprovals ? [] : null } = read.cases;
  const policy = settleWaivers(read.policy.policy, approved);
  const compiled = compilePolicy(policy);
  const plans = read.cases.cases.map((one) => planCase(one, read.cases.defaults));
  const cases = read.cases.cases.map((one, place): CaseResult => {
    const plan = plans[place] ?? planCase(one, read.cases.defaults);
    const actual = judgeCase(plan, policy, compiled);
    const { line, column } = read.positions[place] ?? { line: 1, column: 1 };
    const differences = compareCase(one.expect, actual);
    const { name, rule = null, expect: expected } = one;
    return { name, rule, line, column, expected, actual, differences };
  });
  const file = shownFile(read.file, cwd);
  return { read, plans, result: { file, policy: shownFile(read.policyFile, cwd), cases } };
}

function sumUp(ran: readonly Ran[], inventory: WaivableKeys | undefined): PolicyResult {
  const [{ read, result }] = ran as readonly [Ran, ...Ran[]];
  const { policy, hash } = read.policy;
  const cases = ran.flatMap((one) => one.result.cases);
  const rules = policy.rules.map((rule) => cover(rule, cases));
  const keys = inventory ?? keysOfCases(ran.flatMap(({ plans }) => plans));
  const untried = rules
    .filter(({ broken }) => broken === 0)
    .map(({ rule }) => `no case breaks the rule ${rule}`);
  const idle = inventory === undefined ? [] : findIdleRules(policy.rules, inventory);
  const warnings = [...untried, ...idle, ...findIdleWaivers(policy.waivers, keys)];
  return { file: result.policy, version: policy.version, hash, rules, warnings };
}

function cover({ id, type }: PolicyRule, cases: readonly CaseResult[]): RuleCoverage {
  const count = (wanted: (one: CaseResult) => boolean) => cases.filter(wanted).length;
  return {
    rule: id,
    type,
    cases: count(({ rule }) => rule === id),
    broken: count(({ actual }) => actual.violations.some(({ rule }) => rule === id)),
    unknown: count(({ actual }) => actual.unknowns.some(({ rule }) => rule === id)),
  };
}
