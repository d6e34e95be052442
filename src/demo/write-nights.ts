import { sql } from 'kysely';
import type { ScheduleConfig } from '../config/config.ts';
import { isComplete, toCoverage } from '../keys/coverage.ts';
import { lockClosings, nextClosing } from '../record/closing/log-closing.ts';
import { countedSweeps } from '../record/closing/totals.ts';
import type { RecordsTransaction } from '../record/store/database.ts';
import { toContent } from '../record/store/observation-content.ts';
import { readListedBatches } from '../record/store/packs/listed-batches.ts';
import { type KeptContent, toPackedKey } from '../record/store/packs/packed-key.ts';
import { writePack } from '../record/store/packs/write-pack.ts';
import { planBatches } from '../record/sweeps/plan-batches.ts';
import { writeBatches } from '../record/sweeps/write-batches.ts';
import { compareCodePoints } from '../text/compare-code-points.ts';
import type { JudgedInPast, JudgedNight } from './plan-past.ts';

export interface SweepTerms {
  readonly schedule: Pick<ScheduleConfig, 'id' | 'deadlineMs'>;
  readonly policyRow: number;
}

/** A night as it was written. */
export interface PastSweep {
  readonly id: number;
  readonly uuid: string;
  readonly seed: Uint8Array;
}

/** Writes the nights as closed sweeps with their keys, each marked as simulated. Returns them. */
export async function writeNights(
  tx: RecordsTransaction,
  nights: readonly JudgedNight[],
  terms: SweepTerms,
): Promise<readonly PastSweep[]> {
  const sweeps = await writeSweeps(tx, nights, terms);
  for (const [index, sweep] of sweeps.entries()) {
    const night = nights[index];
    if (night !== undefined) await writePacks(tx, night, sweep);
  }
  await writeTotals(tx, sweeps);
  return sweeps;
}

async function writeSweeps(
  tx: RecordsTransaction,
  nights: readonly JudgedNight[],
  { schedule, policyRow }: SweepTerms,
): Promise<readonly PastSweep[]> {
  const rows = nights.map(({ night, openedAt, closedAt, keys }) => ({
    ...{ due_at: night.dueAt, opened_at: openedAt, closed_at: closedAt, tracked: keys.length },
    deadline_at: new Date(openedAt.getTime() + schedule.deadlineMs),
  }));
  const written = await sql<PastSweep>`
    insert into keysweep.sweep (trigger, schedule, due_at, scope, policy_id, opened_at, closed_at,
      deadline_at, open_batches, tracked, simulated)
    select 'schedule', ${schedule.id}, due_at, 'full', ${policyRow}::integer, opened_at,
      closed_at, deadline_at, 0, tracked, true
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (due_at timestamptz,
      opened_at timestamptz, closed_at timestamptz, deadline_at timestamptz, tracked integer)
    order by due_at
    returning id, uuid, seed
  `.execute(tx);
  return written.rows.toSorted((a, b) => a.id - b.id);
}

async function writePacks(
  tx: RecordsTransaction,
  { keys, closedAt }: JudgedNight,
  sweep: PastSweep,
): Promise<void> {
  const inOrder = keys.toSorted((a, b) => compareCodePoints(a.source, b.source) || a.row - b.row);
  const planned = inOrder.map(({ row: id, source, entry }) => ({ id, source, entry }));
  await writeBatches(tx, sweep.id, planBatches(planned));
  await sql`
    update keysweep.sweep_batch set pending = 0, done_at = ${closedAt} where sweep_id = ${sweep.id}
  `.execute(tx);
  const packed = new Map(keys.map((key) => [key.row, toPackedKey(key, contentOf(key))]));
  for (const { list, ...batch } of await readListedBatches(tx, sweep.id)) {
    await writePack(
      tx,
      { sweepRow: sweep.id, seed: sweep.seed },
      {
        ...{ ...batch, sweep: sweep.uuid, listHash: list.hash },
        keys: list.keys.flatMap((key) => packed.get(key) ?? []),
      },
    );
  }
}

function contentOf({ content: id, observation }: JudgedInPast): KeptContent | undefined {
  const content = toContent(observation);
  if (id === null || content === undefined) return undefined;
  return { id, hash: Buffer.from(content.hash, 'hex') };
}

interface Counted {
  readonly id: number;
  readonly tracked: number;
  readonly unknown: number;
  readonly partial: number;
}

/** The totals and the status, as a closing finds them. */
async function writeTotals(tx: RecordsTransaction, sweeps: readonly PastSweep[]): Promise<void> {
  const ids = sweeps.map(({ id }) => id);
  const counted = await sql<Counted>`
    update keysweep.sweep s set pass = n.pass, fail = n.fail, waived = n.waived,
      unknown = n.unknown, partial = n.partial, unknown_hash = decode(n.unknown_hash, 'hex')
    from (${countedSweeps(sql`p.sweep_id = any (${ids}::integer[])`)}) n
    where s.id = n.sweep_id returning s.id, s.tracked, s.unknown, s.partial
  `.execute(tx);
  const complete = counted.rows.filter((row) => isComplete(toCoverage(row))).map(({ id }) => id);
  await sql`
    update keysweep.sweep
    set status = case when id = any (${complete}::integer[]) then 'complete' else 'incomplete' end
    where id = any (${ids}::integer[])
  `.execute(tx);
}

/** Puts the sweeps in the order of closings. */
export async function placeNights(
  tx: RecordsTransaction,
  sweeps: readonly PastSweep[],
): Promise<void> {
  await lockClosings(tx);
  for (const { id } of sweeps) {
    await tx.updateTable('sweep').set({ closing: nextClosing }).where('id', '=', id).execute();
  }
}
