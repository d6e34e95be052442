import type { Database } from '../store/database.ts';

/** The keys of this id that are tracked now, in every source. */
export async function readTracked(
  { db }: Database,
  keyId: string,
): Promise<readonly { readonly source: string; readonly keyId: string }[]> {
  return db
    .selectFrom('tracked_key')
    .select(['source', 'key_id as keyId'])
    .where('key_id', '=', keyId)
    .where('untracked_at', 'is', null)
    .orderBy('source')
    .execute();
}
