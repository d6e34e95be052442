import { sql } from 'kysely';
import type { ScheduleConfig } from '../config/config.ts';
import { isComplete, toCoverage } from '../keys/coverage.ts';
import { type SealedSweep, sealSweep } from '../record/closing/seal-sweep.ts';
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
  readonly policy: { readonly row: number; readonly hash: string };
}

/** Writes the nights as closed sweeps with their keys, each marked as simulated. Returns them. */
export async function writeNights(
  tx: RecordsTransaction,
  nights: readonly JudgedNight[],
  terms: SweepTerms,
): Promise<readonly SealedSweep[]> {
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
  { schedule, policy }: SweepTerms,
): Promise<readonly SealedSweep[]> {
  const rows = nights.map(({ night, openedAt, closedAt, keys }) => ({
    ...{ due_at: night.dueAt, opened_at: openedAt, closed_at: closedAt, tracked: keys.length },
    deadline_at: new Date(openedAt.getTime() + schedule.deadlineMs),
  }));
  const written = await sql<Omit<SealedSweep, 'policy_hash'>>`
    insert into keysweep.sweep (trigger, schedule, due_at, scope, policy_id, opened_at, closed_at,
      deadline_at, open_batches, tracked, simulated)
    select 'schedule', ${schedule.id}, due_at, 'full', ${policy.row}::integer, opened_at,
      closed_at, deadline_at, 0, tracked, true
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (due_at timestamptz,
      opened_at timestamptz, closed_at timestamptz, deadline_at timestamptz, tracked integer)
    order by due_at
    returning id, uuid, opened_at, simulated
  `.execute(tx);
  const sweeps = written.rows.toSorted((a, b) => a.id - b.id);
  return sweeps.map((sweep) => ({ ...sweep, policy_hash: policy.hash }));
}

async function writePacks(
  tx: RecordsTransaction,
  { keys, closedAt }: JudgedNight,
  sweep: SealedSweep,
): Promise<void> {
  const inOrder = keys.toSorted((a, b) => compareCodePoints(a.source, b.source) || a.row - b.row);
  const planned = inOrder.map(({ row: id, source, entry }) => ({ id, source, entry }));
  await writeBatches(tx, sweep.id, planBatches(planned));
  await sql`
    update keysweep.sweep_batch set pending = 0, done_at = ${closedAt} where sweep_id = ${sweep.id}
  `.execute(tx);
  const packed = new Map(keys.map((key) => [key.row, toPackedKey(key, contentOf(key))]));
  for (const { list, ...batch } of await readListedBatches(tx, sweep.id)) {
    await writePack(tx, sweep.id, {
      ...{ ...batch, sweep: sweep.uuid, listHash: list.hash },
      keys: list.keys.flatMap((key) => packed.get(key) ?? []),
    });
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
async function writeTotals(tx: RecordsTransaction, sweeps: readonly SealedSweep[]): Promise<void> {
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

/** Seals the sweeps one after the other, because each seal holds the one before. */
export async function sealNights(
  tx: RecordsTransaction,
  nights: readonly JudgedNight[],
  sweeps: readonly SealedSweep[],
): Promise<void> {
  for (const [index, sweep] of sweeps.entries()) {
    const night = nights[index];
    if (night === undefined) continue;
    const verdicts = { pass: 0, fail: 0, waived: 0, unknown: 0 };
    for (const { judgement } of night.keys) verdicts[judgement.verdict] += 1;
    await sealSweep(tx, sweep, { verdicts }, night.closedAt);
  }
}
