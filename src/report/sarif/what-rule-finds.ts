import type { RuleType } from '../../evaluate/policy/policy.ts';

/** What a rule of each type finds, in one sentence. */
export const whatRuleFinds: { readonly [T in RuleType]: string } = {
  stale: 'The key has not been used for longer than the policy allows.',
  'never-used': 'The key was created and never used.',
  'too-old': 'The key is older than the policy allows.',
  'over-scoped': 'The key has a scope that it should not have.',
  'scope-drift': 'The key gained scopes since they were approved.',
  missing: 'The vendor knows no such key.',
  reawakened: 'The key was used again after a long time without use.',
  'impossible-metadata': 'What the vendor says of the key cannot be true.',
  unaudited: 'Nothing could be learned of the key for longer than the policy allows.',
  unowned: 'Nobody is named as the owner of the key.',
  naming: 'The name of the key is not as the policy has it.',
  expression: 'An expression of the policy holds for the key.',
};
