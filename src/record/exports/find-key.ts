import { sql } from 'kysely';
import type { Records } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';

/**
 * A key by its id, or by its source, a slash and its id; also one that is tracked no more. Throws
 * `RequestRefused` if there is none, or if there are several.
 */
export async function findKey(
  db: Records,
  name: string,
): Promise<readonly [source: string, keyId: string]> {
  const { rows } = await sql<{ source: string; keyId: string }>`
    select source, key_id as "keyId" from keysweep.tracked_key
    where key_id = ${name} or (starts_with(${name}, source || '/') and source || '/' || key_id = ${name})
    order by source
  `.execute(db);
  const [key, ...others] = rows;
  if (key === undefined) throw new RequestRefused(`no key that was ever tracked is called ${name}`);
  if (others.length === 0) return [key.source, key.keyId];
  const sources = rows.map(({ source }) => source).join(', ');
  throw new RequestRefused(`several sources have a key ${name} (${sources}): write SOURCE/${name}`);
}
