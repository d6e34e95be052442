import { sql } from 'kysely';
import { readScopes } from '../../../evaluate/scope.ts';
import { digestKey } from '../../../evaluate/waivers/digest-key.ts';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import type { Records } from '../../store/database.ts';
import { type ObservationContent, toDetails } from '../../store/observation-content.ts';
import type { LogComparison } from '../log-comparison.ts';
import { readParts } from '../read-rows.ts';

interface WaivedKey {
  /** Of the key. */
  readonly id: number;
  readonly source: string;
  readonly keyId: string;
  readonly hash: string;
  readonly digest: string;
  readonly sweep: string;
  /** What the vendor said in the first sweep that the waiver covered. */
  readonly content: ObservationContent;
}

const keysAtOnce = 1_000;

/**
 * Compares what waivers were given for, the type and the scopes of each key, with what the vendor
 * said in the sweep that they covered first, as long as that is kept.
 */
export async function checkWaivedKeys({ story, note, view }: LogComparison): Promise<void> {
  const read = (after: number, most: number) => view((one) => readSome(one, after, most));
  for await (const rows of readParts(keysAtOnce, read)) {
    for (const row of rows) checkOne(row, story.waivers.get(row.hash)?.event.waiver, note);
  }
}

function checkOne(
  { source, keyId, hash, digest, sweep, content }: WaivedKey,
  waiver: string | undefined,
  note: NoteDifference,
): void {
  if (content.missing === true) return;
  const { type, scopes } = toDetails(content, null);
  const was = digestKey({ type, scopes: readScopes(scopes) });
  if (was === undefined || was === digest) return;
  const place = `waiver ${waiver ?? hash}`;
  const field = 'what a waiver was given for';
  note({ code: 'key', sweep, source, keyId, place, field, was, is: digest });
}

/** All waivers of a key at once. */
async function readSome(db: Records, after: number, most: number): Promise<readonly WaivedKey[]> {
  const { rows } = await sql<WaivedKey>`
    select w.key_id as id, k.source, k.key_id as "keyId", w.waiver_hash as hash, w.digest,
      s.uuid as sweep, coalesce(o.content, '{"missing":true}') as content
    from (
      select * from keysweep.waived_key where key_id > ${after}
      order by key_id fetch first ${sql.lit(most)} rows with ties
    ) w
    join keysweep.tracked_key k on k.id = w.key_id
    left join keysweep.sweep s on s.id = w.sweep_id and s.closed_at is not null
    left join lateral keysweep.sweep_key_of(s.id, w.key_id) r on true
    left join keysweep.observation o on o.id = r.observation_id
    order by w.key_id
  `.execute(db);
  return rows;
}
