import { evaluate } from '../../evaluate/evaluate.ts';
import { compilePolicy } from '../../evaluate/policy/compile-policy.ts';
import { parsePolicy } from '../../evaluate/policy/parse-policy.ts';
import type { OpenPastJudge } from './past-judge.ts';

/** Judges in this thread, which does nothing else meanwhile. */
export const judgeHere: OpenPastJudge = async (policyText) => {
  const policy = parsePolicy(policyText);
  const compiled = compilePolicy(policy);
  return {
    policy,
    judge: async (keys) => keys.map((key) => evaluate({ ...key, policy: compiled })),
    close: async () => undefined,
  };
};
