import type { RuleType } from '../../evaluate/policy/policy.ts';

interface Words {
  /** What the rule finds, in one sentence. */
  readonly finds: string;
  /** How the owner fixes a key that the rule found. */
  readonly mend: string;
}

/** The texts that a code scanner shows beside a result; the pages in docs/rules say more. */
export const ruleWords: { readonly [T in RuleType]: Words } = {
  stale: {
    finds: 'The key has not been used for longer than the policy allows.',
    mend: 'Ask its owner. If nobody needs the key, revoke it at the vendor and take it out of the inventory.',
  },
  'never-used': {
    finds: 'The key was created and never used.',
    mend: 'Ask its owner. If nobody needs the key, revoke it at the vendor and take it out of the inventory.',
  },
  'too-old': {
    finds: 'The key is older than the policy allows.',
    mend: 'Create a new key, move what uses the old one over to it, and revoke the old one.',
  },
  'over-scoped': {
    finds: 'The key has a scope that it should not have.',
    mend: 'Take the scope away at the vendor, or replace the key by one without it; if the scope is right, have it approved.',
  },
  'scope-drift': {
    finds: 'The key gained scopes since they were approved.',
    mend: 'Find out who added them and why. Take them away, or have them approved in the inventory.',
  },
  missing: {
    finds: 'The vendor knows no such key.',
    mend: 'If the key was revoked on purpose, take it out of the inventory; if not, find out what happened to it.',
  },
  reawakened: {
    finds: 'The key was used again after a long time without use.',
    mend: 'Find out who used it. If nobody knows, treat the key as stolen and revoke it; else acknowledge the finding.',
  },
  'impossible-metadata': {
    finds: 'What the vendor says of the key cannot be true.',
    mend: 'Compare the key with what the vendor shows, ask the vendor, and acknowledge the finding when it is explained.',
  },
  unaudited: {
    finds: 'Nothing could be learned of the key for longer than the policy allows.',
    mend: 'Look at the reasons of the unknown verdicts and mend the access to the vendor.',
  },
  unowned: {
    finds: 'Nobody is named as the owner of the key.',
    mend: 'Find out who answers for the key and name them in the inventory.',
  },
  naming: {
    finds: 'The name of the key is not as the policy has it.',
    mend: 'Rename the key at the vendor.',
  },
  expression: {
    finds: 'An expression of the policy holds for the key.',
    mend: 'The message of the result says what the policy objects to.',
  },
};
