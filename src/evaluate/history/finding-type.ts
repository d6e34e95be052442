import type { RuleType } from '../policy/policy.ts';

/**
 * The rule id and the type of findings that a review opens, when an owner decides to revoke a key.
 * No policy has such a rule.
 */
export const reviewRevoke = 'review-revoke';

export type FindingType = RuleType | typeof reviewRevoke;
