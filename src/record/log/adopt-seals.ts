import { sql } from 'kysely';
import { canonicalJson } from '../../evidence/canonical-json.ts';
import { nameObject } from '../../evidence/manifest.ts';
import type { Records } from '../store/database.ts';

interface AdoptedSeal {
  readonly sweep: string | null;
  readonly hash: string;
  readonly previous: string | null;
  readonly evidence: string;
  readonly format: number;
  readonly differs: boolean | null;
}

/**
 * The object that says what the seals of earlier builds were, as canonical JSON; undefined where
 * there are none.
 */
export async function encodeSeals(db: Records): Promise<string | undefined> {
  const { rows } = await sql<AdoptedSeal>`
    select sweep, hash, previous, evidence, format, differs from keysweep.adopted_seal order by id
  `.execute(db);
  if (rows.length === 0) return undefined;
  const seals = rows.map(({ sweep, hash, previous, evidence, format, differs }) => ({
    ...{ sweep, hash, previous, evidence, format, differs },
  }));
  return canonicalJson({ version: 1, seals });
}

/** What the log says of the seals of earlier builds; undefined where there are none. */
export async function adoptSeals(tx: Records) {
  const object = await encodeSeals(tx);
  if (object === undefined) return undefined;
  const { rows } = await sql<{ seals: number; last: string }>`
    select count(*)::integer as seals, (array_agg(hash order by id desc))[1] as last
    from keysweep.adopted_seal
  `.execute(tx);
  const [{ seals, last } = { seals: 0, last: '' }] = rows;
  const event = { event: 'seals-adopted', seals, last } as const;
  return { event, subjects: { seals: nameObject(object) } };
}
