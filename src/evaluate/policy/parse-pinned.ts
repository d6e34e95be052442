import { settleWaivers } from '../waivers/approvals.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Policy } from './policy.ts';

/**
 * The policy that a sweep has pinned, with the waivers that counted when it was opened. `approved`:
 * their ids; null: all. Throws `InvalidPolicy`.
 */
export function parsePinned(text: string, approved: readonly string[] | null): Policy {
  return settleWaivers(parsePolicy(text), approved);
}
