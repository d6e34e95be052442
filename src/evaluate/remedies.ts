import type { FindingType } from './history/finding-type.ts';

/**
 * What to do about a violation of each type: one line of plain text, shown beside the message in
 * reports and alerts. The rule's page in docs/rules begins with the same line and says more.
 */
export const remedies: { readonly [T in FindingType]: string } = {
  stale:
    'Ask the owner. If nobody needs the key, revoke it at the vendor and remove it from the inventory.',
  'never-used':
    'Ask the owner. If nobody needs the key, revoke it at the vendor and remove it from the inventory.',
  'too-old':
    'Create a new key, bring it into use, revoke the old one, and put the new id into the inventory.',
  'over-scoped':
    'Replace the key with one that has fewer scopes and revoke the old one. If the scope is right, have it approved.',
  'scope-drift':
    'Ask the owner who added the scope and why. Remove it at the vendor, or approve it in the inventory.',
  missing:
    'If the key was revoked on purpose, remove it from the inventory. If its id is wrong, correct it.',
  reawakened:
    'Ask the owner whether they used the key. If they did, acknowledge the finding. If nobody knows, revoke the key now.',
  'impossible-metadata':
    "Compare the key with the vendor's console, and ask the vendor. If nobody can explain it, replace the key.",
  unaudited:
    'Look at the reason of the unknown: correct the credential of the source, or ask the vendor.',
  unowned:
    'Find out who uses the key and name the owner in the inventory. If nobody does, revoke it.',
  naming: 'Rename the key at the vendor, or give the right name to the key that replaces it.',
  expression: "Do what the rule's message asks for.",
  'review-revoke':
    'Revoke the key at the vendor and remove it from the inventory. If it must stay, acknowledge the finding and say why.',
};
