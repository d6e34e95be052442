import { sql } from 'kysely';
import { advanceKeys } from '../findings/advance-keys.ts';
import type { ClaimedBatch, JudgedKey } from '../store/claimed-batch.ts';
import { verdictCode } from '../store/codes.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { toContent } from '../store/observation-content.ts';
import { type KeptContent, lastUsedOf, toPackedKey } from '../store/packs/packed-key.ts';
import { writePack } from '../store/packs/write-pack.ts';
import { storeJudgement } from '../store/stored-judgement.ts';
import { storeObservations } from './store-observations.ts';

/** Packs a batch at once: on most nights every key is judged at the first attempt. */
export async function packJudged(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  answered: readonly JudgedKey[],
): Promise<void> {
  const judged = answered.toSorted((a, b) => a.pending.row - b.pending.row);
  const contents = await storeContents(tx, judged);
  await advanceKeys(
    tx,
    batch,
    judged.map((key, index) => ({ key, content: contents[index]?.id ?? null })),
  );
  const keys = judged.map(({ pending, observation, judgement }, index) =>
    toPackedKey({ ...pending, keyId: pending.key.keyId, observation, judgement }, contents[index]),
  );
  const { sweepId: sweep, list } = batch;
  await writePack(tx, batch, { ...batch, sweep, listHash: list.hash, keys });
}

/** Writes a row for each key, because others of its batch are still pending. */
export async function writeResults(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  judged: readonly JudgedKey[],
): Promise<void> {
  const contents = await storeContents(tx, judged);
  const rows = judged.map(({ pending, observation, judgement }, index) => ({
    row: pending.row,
    verdict: verdictCode(judgement.verdict),
    observation_id: contents[index]?.id ?? null,
    observed_at: observation.at,
    last_used: lastUsedOf(observation),
    judgement: storeJudgement(judgement),
  }));
  const written = await sql<{ row: number }>`
    insert into keysweep.key_result as r (sweep_id, batch, key_id, verdict, observation_id,
      observed_at, last_used, judgement)
    select ${batch.sweepRow}, ${batch.batch}, n.*
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as n (row integer, verdict smallint, observation_id integer, observed_at timestamptz,
        last_used timestamptz, judgement jsonb)
    on conflict (sweep_id, key_id) do update set verdict = excluded.verdict,
      observation_id = excluded.observation_id, observed_at = excluded.observed_at,
      last_used = excluded.last_used, judgement = excluded.judgement, reason = null
    where r.verdict is null
    returning r.key_id as row
  `.execute(tx);
  // A key that has its verdict already keeps it, and so do its findings.
  const kept = new Set(written.rows.map(({ row }) => row));
  const settled = judged.flatMap((key, index) =>
    kept.has(key.pending.row) ? [{ key, content: contents[index]?.id ?? null }] : [],
  );
  await advanceKeys(tx, batch, settled);
}

/** What the vendor said of each key; undefined where it said nothing. */
async function storeContents(
  tx: RecordsTransaction,
  judged: readonly JudgedKey[],
): Promise<readonly (KeptContent | undefined)[]> {
  const contents = judged.map(({ observation }) => toContent(observation));
  const ids = await storeObservations(tx, contents);
  return contents.map((content) => {
    const id = content && ids.get(content.hash);
    return content && id !== undefined ? { id, hash: Buffer.from(content.hash, 'hex') } : undefined;
  });
}
