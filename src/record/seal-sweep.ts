import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { RecordsTransaction } from './database.ts';
import type { Totals } from './totals.ts';

interface Sealed {
  readonly id: number;
  readonly uuid: string;
  readonly opened_at: Date;
  readonly policy_hash: string;
}

/**
 * Chains the sweep's evidence to that of the sweep sealed before. `evidence` is the SHA-256 over
 * the digests of the batches; a batch's digest is over its rows in the order of their keys, each
 * with the hashes of what it points at, so that nothing a verdict rests on can change unseen.
 */
export async function sealSweep(
  tx: RecordsTransaction,
  sweep: Sealed,
  totals: Totals,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('keysweep.seal'))`.execute(tx);
  const evidence = await digestEvidence(tx, sweep.id);
  const previous = await tx
    .selectFrom('seal')
    .select('hash')
    .orderBy('sealed_at', 'desc')
    .orderBy('sweep_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  const sealed = [
    previous?.hash ?? null,
    sweep.uuid,
    sweep.opened_at.toISOString(),
    sweep.policy_hash,
    totals.verdicts,
    evidence,
  ];
  await tx
    .insertInto('seal')
    .values({
      sweep_id: sweep.id,
      previous: previous?.hash ?? null,
      evidence,
      hash: createHash('sha256').update(JSON.stringify(sealed)).digest('hex'),
      sealed_at: sql<Date>`clock_timestamp()`,
    })
    .execute();
}

async function digestEvidence(tx: RecordsTransaction, sweepId: number): Promise<string> {
  const batches = await sql<{ digest: string }>`
    select encode(sha256(convert_to(string_agg(
      jsonb_build_array(k.source, k.key_id, s.verdict, extract(epoch from s.observed_at),
        extract(epoch from s.last_used), encode(o.hash, 'hex'), encode(e.hash, 'hex'),
        s.judgement)::text, E'\n' order by s.key_id), 'UTF8')), 'hex') as digest
    from keysweep.sweep_key s
    join keysweep.tracked_key k on k.id = s.key_id
    join keysweep.inventory_entry e on e.id = s.entry_id
    left join keysweep.observation o on o.id = s.observation_id
    where s.sweep_id = ${sweepId} group by s.batch order by s.batch
  `.execute(tx);
  const hash = createHash('sha256');
  for (const { digest } of batches.rows) hash.update(`${digest}\n`);
  return hash.digest('hex');
}
