import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Where the leaves are that change the key of the evidence log: the signer reads them every few
 * seconds, from a log that may have a million leaves. A quote within a text of a leaf has a backslash
 * before it, so only the event itself is found.
 */
const findChanges = sql`
  create index log_leaf_rotated on keysweep.log_leaf (n)
    where strpos(body, '"event":"key-rotated"') > 0
`;

export const changesOfKeys: Migration = {
  async up(db: Kysely<unknown>) {
    await findChanges.execute(db);
  },
};
