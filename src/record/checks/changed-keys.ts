import { sql } from 'kysely';
import type { JsonValue } from '../../evidence/canonical-json.ts';
import type { NoteDifference } from '../../evidence/differences/difference.ts';
import {
  type ChangedKey,
  findChangedKeys,
  type KeyVariant,
} from '../../evidence/differences/find-changed-keys.ts';
import type { Pack } from '../../evidence/pack.ts';
import { isVerdictCode, verdictOf } from '../store/codes.ts';
import type { Records } from '../store/database.ts';
import { sweepRows } from '../store/packs/sweep-rows.ts';

/** A batch that differs from what the log says, whose root is known. */
export interface DifferentBatch {
  readonly pack: Pack;
  readonly sweepRow: number;
  readonly seed: Uint8Array;
  readonly root: Uint8Array;
}

/** What a key was found to be in another sweep. */
interface OtherNight {
  readonly key_id: number;
  readonly verdict: number;
  readonly last_used: Date | null;
  readonly hash: Uint8Array | null;
  readonly judgement: JsonValue;
}

/**
 * Names the keys of a batch that were changed, with what they were, as far as it can be found: by
 * the verdicts that there are, what the sweeps before and after say, and the instants at which the
 * other keys were asked. Returns false if nothing fits.
 */
export async function nameChangedKeys(
  db: Records,
  { pack, sweepRow, seed, root }: DifferentBatch,
  where: { readonly leaf: number; readonly sweep: string },
  note: NoteDifference,
): Promise<boolean> {
  const nights = await readOtherNights(db, pack, sweepRow);
  const { source, keys } = pack;
  const times = rangeOf(keys.map(({ observedAt }) => observedAt));
  const changed = findChangedKeys({ seed, root, source, keys }, (key) => {
    const row = keys.find(({ keyId }) => keyId === key.keyId)?.key ?? 0;
    return variantsOf(nights.get(row) ?? [], times);
  });
  for (const { index, before } of changed) {
    const key = keys[index];
    if (key === undefined) continue;
    for (const change of describe({ index, before }, key)) {
      note({ code: 'key', ...where, source, keyId: key.keyId, ...change });
    }
  }
  return changed.length > 0;
}

async function readOtherNights(
  db: Records,
  { keys }: Pack,
  sweepRow: number,
): Promise<ReadonlyMap<number, readonly OtherNight[]>> {
  const { rows: sweeps } = await sql<{ id: number }>`
    (select s.id from keysweep.sweep s where s.id < ${sweepRow} and closed_at is not null
      order by s.id desc limit 2)
    union all
    (select s.id from keysweep.sweep s where s.id > ${sweepRow} and closed_at is not null
      order by s.id limit 2)
  `.execute(db);
  const nights = new Map<number, OtherNight[]>();
  for (const { id } of sweeps) {
    const { rows } = await sql<OtherNight>`
      select s.key_id, s.verdict, s.last_used, o.hash, s.judgement
      from ${sweepRows(
        id,
        keys.map(({ key }) => key),
      )}
      left join keysweep.observation o on o.id = s.observation_id
    `.execute(db);
    for (const row of rows) nights.set(row.key_id, [...(nights.get(row.key_id) ?? []), row]);
  }
  return nights;
}

/** Milliseconds of a range that is worth trying. */
const mostRange = 2_000;

function* variantsOf(
  nights: readonly OtherNight[],
  times: { readonly from: number; readonly until: number },
): Iterable<KeyVariant> {
  for (const verdict of [1, 2, 3, 4]) yield { verdict };
  yield { lastUsed: null };
  yield { contentHash: null };
  yield { judgement: null };
  for (const { verdict, last_used: lastUsed, hash: contentHash, judgement } of nights) {
    yield { lastUsed };
    yield { contentHash };
    yield { judgement };
    yield { contentHash, lastUsed };
    yield { verdict, judgement };
    yield { verdict, judgement, lastUsed };
    yield { verdict, judgement, contentHash, lastUsed };
  }
  for (let ms = times.from; ms <= times.until; ms += 1) yield { observedAt: new Date(ms) };
}

function rangeOf(times: readonly (Date | null)[]): { from: number; until: number } {
  const known = times.flatMap((time) => time?.getTime() ?? []).sort((a, b) => a - b);
  // The changed one may be far from the others.
  const middle = known[Math.floor(known.length / 2)] ?? 0;
  const near = known.filter((time) => Math.abs(time - middle) <= mostRange / 2);
  return { from: (near[0] ?? 0) - 20, until: (near.at(-1) ?? -21) + 20 };
}

function describe({ before }: ChangedKey, key: Pack['keys'][number]) {
  return Object.entries(before).flatMap(([field, value]) => {
    const [was, is] = [value, key[field as keyof KeyVariant]].map((one) => wordOf(field, one));
    const name = field === 'contentHash' ? 'what the vendor said' : field;
    return was === is ? [] : [{ field: name, was, is }];
  });
}

function wordOf(field: string, value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `content ${Buffer.from(value).toString('hex')}`;
  if (field === 'verdict' && isVerdictCode(Number(value))) return verdictOf(Number(value));
  return JSON.stringify(value);
}
