import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';
import type { Totals } from './totals.ts';

export interface SealedSweep {
  readonly id: number;
  readonly uuid: string;
  readonly opened_at: Date;
  readonly policy_hash: string;
  readonly simulated: boolean;
}

/**
 * Lets only one closing at a time go on, so that each sees the totals and seal of the one before.
 */
export async function lockSeals(tx: RecordsTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('keysweep.seal'))`.execute(tx);
}

/**
 * Chains the sweep's evidence to that of the sweep sealed before, under `lockSeals`. `evidence` is
 * the SHA-256 over the digests of the batches. A batch's digest covers its rows in the order of
 * their keys, each with the hashes of the rows it refers to, so that any change behind a verdict
 * shows.
 */
export async function sealSweep(
  tx: RecordsTransaction,
  sweep: SealedSweep,
  { verdicts }: Pick<Totals, 'verdicts'>,
  at: Date | RawBuilder<Date> = sql<Date>`clock_timestamp()`,
): Promise<void> {
  const evidence = await digestEvidence(tx, sweep.id);
  const previous = await tx
    .selectFrom('seal')
    .select('hash')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const sealed = [
    previous?.hash ?? null,
    sweep.uuid,
    sweep.opened_at.toISOString(),
    sweep.policy_hash,
    verdicts,
    evidence,
    ...(sweep.simulated ? ['simulated'] : []),
  ];
  await tx
    .insertInto('seal')
    .values({
      sweep_id: sweep.id,
      previous: previous?.hash ?? null,
      evidence,
      hash: createHash('sha256').update(JSON.stringify(sealed)).digest('hex'),
      sealed_at: at,
    })
    .execute();
}

/** Batches per statement: PGlite blocks the process while one runs. */
const batchesAtOnce = 25;

/** The digest of a sweep's rows as they are now. It equals that of the seal unless they changed. */
export async function digestEvidence(tx: RecordsTransaction, sweepId: number): Promise<string> {
  const hash = createHash('sha256');
  for (let from = 0; ; from += batchesAtOnce) {
    const batches = await readDigests(tx, sweepId, from);
    for (const { digest } of batches) hash.update(`${digest}\n`);
    if (batches.length < batchesAtOnce) return hash.digest('hex');
  }
}

async function readDigests(tx: RecordsTransaction, sweepId: number, from: number) {
  const found = await sql<{ digest: string }>`
    select coalesce(rows.digest, '') as digest
    from keysweep.sweep_batch b
    cross join lateral (
      select encode(sha256(convert_to(string_agg(
        jsonb_build_array(k.source, k.key_id, s.verdict,
          (extract(epoch from s.observed_at) * 1000000)::bigint,
          (extract(epoch from s.last_used) * 1000000)::bigint,
          encode(o.hash, 'hex'), encode(e.hash, 'hex'), s.judgement)::text,
        E'\n' order by s.key_id), 'UTF8')), 'hex') as digest
      from keysweep.sweep_key s
      join keysweep.tracked_key k on k.id = s.key_id
      join keysweep.inventory_entry e on e.id = s.entry_id
      left join keysweep.observation o on o.id = s.observation_id
      where s.sweep_id = b.sweep_id and s.batch = b.batch
        and s.key_id between b.first_key and b.last_key
    ) rows
    where b.sweep_id = ${sweepId} and b.batch >= ${from} and b.batch < ${from + batchesAtOnce}
    order by b.batch
  `.execute(tx);
  return found.rows;
}
