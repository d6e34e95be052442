/**
 * The types of keys that the vendor's documents name: the first three of a key, the last in lists of
 * keys. Others are data like these; a policy that names another is mostly misspelt.
 */
export const documentedTypes: readonly string[] = [
  'secret',
  'public',
  'tokenization',
  'publishable',
];
