import { sql } from 'kysely';
import { canonicalJson, type JsonValue } from '../../evidence/canonical-json.ts';
import type { Records } from '../store/database.ts';

/** What stands before and behind the keys of the list of a campaign, in its one form. */
export const listStart = '{"keys":[';
export const listEnd = '],"version":1}';

const keysAtOnce = 1_000;

/**
 * The list of the keys of a campaign, as they were when it opened, in pieces: the canonical JSON that
 * the log refers to by its hash. No object holds it, because the rows give it back.
 */
export async function* readReviewList(db: Records, review: number): AsyncIterable<string> {
  yield listStart;
  for (let after = -1; ; ) {
    const { rows } = await sql<{ place: number; entry: JsonValue }>`
      select k.place, jsonb_build_object('source', k.source, 'keyId', k.key_text, 'owner', s.owner,
        'listed', k.listed) as entry
      from keysweep.review_key k
      join keysweep.review_sheet s on s.review_id = k.review_id and s.sheet = k.sheet
      where k.review_id = ${review} and k.place > ${after} order by k.place limit ${keysAtOnce}
    `.execute(db);
    for (const { place, entry } of rows) yield listedEntry(place, entry);
    const last = rows.at(-1);
    if (last === undefined || rows.length < keysAtOnce) break;
    after = last.place;
  }
  yield listEnd;
}

/** One key of the list, with what stands before it. */
export function listedEntry(place: number, entry: JsonValue): string {
  return `${place === 0 ? '' : ','}${canonicalJson(entry)}`;
}

/** The list of this name, if a campaign has it. */
export async function findReviewList(db: Records, name: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: number }>`
    select id from keysweep.review where listed_hash = ${Buffer.from(name, 'hex')} order by id limit 1
  `.execute(db);
  const [found] = rows;
  if (found === undefined) return undefined;
  const pieces: string[] = [];
  for await (const piece of readReviewList(db, found.id)) pieces.push(piece);
  return pieces.join('');
}
