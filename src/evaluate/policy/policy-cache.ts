import { type CompiledPolicy, compilePolicy } from './compile-policy.ts';
import { parsePinned } from './parse-pinned.ts';
import type { Policy } from './policy.ts';

/** Keeps recent policies, because every batch of a sweep is judged by the same text. */
export interface PolicyCache {
  /** See `parsePinned`. */
  parse(text: string, approved: readonly string[] | null): Policy;
  compile(policy: Policy): CompiledPolicy;
}

/** Sweeps that overlap may use different policies, but only a few. */
const most = 8;

export function createPolicyCache(): PolicyCache {
  const parsed = new Map<string, Policy>();
  const compiled = new WeakMap<Policy, CompiledPolicy>();
  return {
    parse(text, approved) {
      const name = JSON.stringify([approved, text]);
      const policy = parsed.get(name) ?? parsePinned(text, approved);
      parsed.set(name, policy);
      const [oldest] = parsed.keys();
      if (parsed.size > most && oldest !== undefined) parsed.delete(oldest);
      return policy;
    },
    compile(policy) {
      const ready = compiled.get(policy) ?? compilePolicy(policy);
      compiled.set(policy, ready);
      return ready;
    },
  };
}
