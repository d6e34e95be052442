import { checkPolicyText } from '../../config/check-policy-text.ts';
import { evaluate } from '../../evaluate/evaluate.ts';
import { compilePolicy } from '../../evaluate/policy/compile-policy.ts';
import { InvalidPolicy, parsePolicy } from '../../evaluate/policy/parse-policy.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';
import { listApproved, settleWaivers } from '../../evaluate/waivers/approvals.ts';
import { UnreadablePolicy } from '../errors.ts';
import type { OpenPastJudge } from './past-judge.ts';

/** Judges in this thread, which does nothing else meanwhile. */
export const judgeHere: OpenPastJudge = async (text, approvals) => {
  const written = readPolicyHere(text);
  const approved = approvals && listApproved(written.waivers, approvals);
  const policy = settleWaivers(written, approved);
  const compiled = compilePolicy(policy);
  return {
    policy,
    judge: async (keys) => keys.map((key) => evaluate({ ...key, policy: compiled })),
    close: async () => undefined,
  };
};

/** The first faults are enough to mend a policy by. */
const mostFaults = 100;

/** Throws `UnreadablePolicy`. */
function readPolicyHere(text: string): Policy {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (!(error instanceof InvalidPolicy)) throw error;
    const faults = checkPolicyText(text).faults.toSorted(
      (a, b) => a.line - b.line || a.column - b.column,
    );
    throw new UnreadablePolicy(error.message, faults.slice(0, mostFaults));
  }
}
