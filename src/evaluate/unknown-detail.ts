import type { Obstacle, Unjudged } from './judgement.ts';

/** The words for each obstacle and its fields. */
const words: { readonly [O in Obstacle]: (fields: readonly string[]) => string } = {
  unreadable: (fields) => fields.join(', '),
  // Only `lastUsed` can lie in the future. Other fields beside it are unreadable.
  'in-future': (fields) =>
    fields
      .map((field) => (field === 'lastUsed' ? 'lastUsed lies in the future' : field))
      .join(', '),
  'never-used-may-apply': (fields) => `${fields.join(', ')}: a never-used rule may apply`,
  'no-missing-rule': () => 'no such key, and no missing rule applies to it',
};

/**
 * The sentence for an unknown, without a full stop. It is for people; programs use `fields`. Text
 * from a source or a library is in it unchanged.
 */
export function unknownDetail({ fields, because }: Pick<Unjudged, 'fields' | 'because'>): string {
  return typeof because === 'string' ? words[because](fields) : because.said;
}
