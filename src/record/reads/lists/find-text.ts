import { type RawBuilder, sql } from 'kysely';
import type { Records } from '../../store/database.ts';
import { holdsText, patternOf } from './key-filter.ts';

/** Which keys hold a text in their id, source, name or owner. */
export interface TextMatch {
  /** The condition, by the row of a key and by that of its inventory entry. */
  isIn(key: RawBuilder<unknown>, entry: RawBuilder<unknown>): RawBuilder<unknown>;
}

/**
 * With more, a page is soon full: its rows are looked at one by one, in their order. With fewer they
 * are named, because looking for them one by one would take long.
 */
const mostNamed = 2_000;

/** Looks for a text in the keys and the owners of the inventory; makes the condition for a row. */
export async function findText(db: Records, text: string): Promise<TextMatch> {
  const keys = await readIds(
    db,
    sql`select t.key_id as id from keysweep.key_text t where t.text like ${patternOf(text)}`,
  );
  const ofOwner = holdsText(sql`e.owner`, text);
  const entries = await readIds(
    db,
    sql`select e.id from keysweep.inventory_entry e where ${ofOwner}`,
  );
  return {
    isIn(key, entry) {
      const ofKey =
        keys === 'many'
          ? sql`(select t.text like ${patternOf(text)} from keysweep.key_text t
              where t.key_id = ${key})`
          : sql`${key} = any (${keys}::integer[])`;
      if (entries === 'many') {
        return sql`(${ofKey} or (select ${ofOwner} from keysweep.inventory_entry e
          where e.id = ${entry}))`;
      }
      if (entries.length === 0) return ofKey;
      return sql`(${ofKey} or ${entry} = any (${entries}::integer[]))`;
    },
  };
}

async function readIds(
  db: Records,
  query: RawBuilder<unknown>,
): Promise<readonly number[] | 'many'> {
  const { rows } = await sql<{ id: number }>`${query} limit ${mostNamed + 1}`.execute(db);
  return rows.length > mostNamed ? 'many' : rows.map(({ id }) => id);
}
