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
import { judgeCase } from './judge-case.ts';
import { type CasePlan, planCase } from './plan-case.ts';
import type { ReadCases } from './read-cases.ts';
import { watchRules } from './watch-rules.ts';
import { watchWaivers } from './watch-waivers.ts';
import { keysOfCases, type WatchedKeys, watchKeys } from './watched-keys.ts';

/**
 * Judges all cases, and lists what they leave untested in each policy: rules that no case breaks,
 * and waivers that match no key of the inventory (without an inventory: of the cases). With an
 * inventory, the list includes rules that match none of its keys.
 */
export async function runCases(
  files: readonly ReadCases[],
  { inventory, cwd, needsApprovals }: RunTerms,
): Promise<TestResult> {
  const ran = files.map((file) => runFile(file, { cwd, needsApprovals }));
  const policies = [...new Set(files.map(({ policyFile }) => policyFile))];
  const sums = policies.map((policy) =>
    sumUp(
      ran.filter(({ read }) => read.policyFile === policy),
      inventory,
    ),
  );
  return { files: ran.map(({ result }) => result), policies: await Promise.all(sums) };
}

export interface RunTerms {
  readonly inventory: WatchedKeys | undefined;
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

async function sumUp(
  ran: readonly Ran[],
  inventory: WatchedKeys | undefined,
): Promise<PolicyResult> {
  const [{ read, result }] = ran as readonly [Ran, ...Ran[]];
  const { policy, hash } = read.policy;
  const cases = ran.flatMap((one) => one.result.cases);
  const rules = policy.rules.map((rule) => cover(rule, cases));
  const keys = inventory ?? keysOfCases(ran.flatMap(({ plans }) => plans));
  const untried = rules
    .filter(({ broken }) => broken === 0)
    .map(({ rule }) => `no case breaks the rule ${rule}`);
  const ofRules = inventory === undefined ? [] : [watchRules(policy.rules, keys.called)];
  const watches = [...ofRules, watchWaivers(policy.waivers, keys.called)];
  await watchKeys(keys, watches);
  const warnings = [...untried, ...watches.flatMap((watch) => watch.describe())];
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
