import { sql } from 'kysely';
import { batchRoot } from '../../../evidence/keys-root.ts';
import { hashPack, type Pack } from '../../../evidence/pack.ts';
import { verdictOf } from '../codes.ts';
import type { RecordsTransaction } from '../database.ts';

/** The row of a pack's sweep, and the seed of its salts. */
export interface SweepOfPack {
  readonly sweepRow: number;
  readonly seed: Uint8Array;
}

/** Writes what a batch found, once and for good. */
export async function writePack(
  tx: RecordsTransaction,
  { sweepRow, seed }: SweepOfPack,
  pack: Pack,
): Promise<void> {
  const { batch, keys } = pack;
  const times = keys.map(({ observedAt }) => observedAt?.getTime() ?? null);
  const known = times.filter((time) => time !== null);
  const from = known.length === 0 ? 0 : Math.min(...known);
  const counts = countVerdicts(pack);
  const judgements = keys.map(({ judgement }) => judgement);
  const anyJudged = judgements.some((judgement) => judgement !== null);
  await sql`
    insert into keysweep.pack (sweep_id, batch, hash, keys_root, pass, fail, waived, unknown, partial,
      observed_from, verdicts, observation_ids, observed_ms, last_used, judgements)
    values (${sweepRow}, ${batch}, ${hashPack(pack)}, ${batchRoot(seed, pack)}, ${counts.pass}, ${counts.fail},
      ${counts.waived}, ${counts.unknown}, ${counts.partial}, ${new Date(from)},
      ${keys.map(({ verdict }) => verdict)}::smallint[],
      ${keys.map(({ observation }) => observation)}::integer[],
      ${times.map((time) => (time === null ? null : time - from))}::bigint[],
      ${keys.map(({ lastUsed }) => lastUsed?.toISOString() ?? null)}::timestamptz[],
      ${anyJudged ? judgements.map(toText) : null}::text[]::jsonb[])
  `.execute(tx);
}

function toText(judgement: Pack['keys'][number]['judgement']): string | null {
  return judgement === null ? null : JSON.stringify(judgement);
}

function countVerdicts({ keys }: Pack) {
  const counts = { pass: 0, fail: 0, waived: 0, unknown: 0, partial: 0 };
  for (const { verdict, judgement } of keys) {
    const word = verdictOf(verdict);
    counts[word] += 1;
    if (word !== 'unknown' && hasUnjudged(judgement)) counts.partial += 1;
  }
  return counts;
}

/** Whether some rule could not judge the key. */
function hasUnjudged(judgement: Pack['keys'][number]['judgement']): boolean {
  return judgement !== null && typeof judgement === 'object' && 'u' in judgement;
}
