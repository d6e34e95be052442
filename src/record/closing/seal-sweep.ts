import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { hashPack } from '../../evidence/pack.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { readPacks } from '../store/packs/read-packs.ts';
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

/** What a seal is over; earlier builds sealed the rows of keys (1). */
const overPacks = 2;

/**
 * Chains the sweep's evidence to that of the sweep sealed before, under `lockSeals`. `evidence` is
 * the SHA-256 over the hashes of its packs, each in hex with a line feed, in the order of batches.
 */
export async function sealSweep(
  tx: RecordsTransaction,
  sweep: SealedSweep,
  { verdicts }: Pick<Totals, 'verdicts'>,
  at: Date | RawBuilder<Date> = sql<Date>`clock_timestamp()`,
): Promise<void> {
  const evidence = digestPacks(await readPackHashes(tx, sweep.id));
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
      format: overPacks,
    })
    .execute();
}

/** In hex. */
async function readPackHashes(
  tx: RecordsTransaction,
  sweepRow: number,
): Promise<readonly string[]> {
  const packs = await sql<{ hash: string }>`
    select encode(hash, 'hex') as hash from keysweep.pack where sweep_id = ${sweepRow} order by batch
  `.execute(tx);
  return packs.rows.map(({ hash }) => hash);
}

/**
 * The evidence of a sweep as it is now: it equals that of the seal unless something changed.
 * @internal
 */
export async function digestEvidence(tx: RecordsTransaction, sweepRow: number): Promise<string> {
  const hashes: string[] = [];
  for await (const pack of readPacks(tx, sweepRow)) hashes.push(hashPack(pack).toString('hex'));
  return digestPacks(hashes);
}

function digestPacks(hashes: readonly string[]): string {
  const hash = createHash('sha256');
  for (const one of hashes) hash.update(`${one}\n`);
  return hash.digest('hex');
}
