import { sql } from 'kysely';
import type { ScheduleConfig } from '../config/config.ts';
import { isComplete, toCoverage } from '../keys/coverage.ts';
import { type SealedSweep, sealSweep } from '../record/closing/seal-sweep.ts';
import { countedColumns } from '../record/closing/totals.ts';
import { verdictCode } from '../record/store/codes.ts';
import type { RecordsTransaction } from '../record/store/database.ts';
import { storeJudgement } from '../record/store/stored-judgement.ts';
import { lastUsedOf } from '../record/sweeps/record-batch.ts';
import type { JudgedNight } from './plan-past.ts';

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
  await writeBatches(tx, nights, sweeps);
  await writeKeys(tx, nights, sweeps);
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

/** One batch a sweep: the sample fleet has fewer keys than fit. */
async function writeBatches(
  tx: RecordsTransaction,
  nights: readonly JudgedNight[],
  sweeps: readonly SealedSweep[],
): Promise<void> {
  const rows = nights.flatMap(({ keys, closedAt }, index) => {
    const ids = keys.map(({ row }) => row);
    const [first_key, last_key] = [Math.min(...ids), Math.max(...ids)];
    return { sweep_id: sweeps[index]?.id, source: keys[0]?.source, first_key, last_key, closedAt };
  });
  await sql`
    insert into keysweep.sweep_batch (sweep_id, batch, source, first_key, last_key, pending, done_at)
    select sweep_id, 0, source, first_key, last_key, 0, "closedAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (sweep_id integer, source text,
      first_key integer, last_key integer, "closedAt" timestamptz)
  `.execute(tx);
}

async function writeKeys(
  tx: RecordsTransaction,
  nights: readonly JudgedNight[],
  sweeps: readonly SealedSweep[],
): Promise<void> {
  const rows = nights.flatMap(({ keys }, index) =>
    keys.map(({ row, entry, content, observation, judgement }) => ({
      ...{ sweep_id: sweeps[index]?.id, key_id: row, entry_id: entry, observation_id: content },
      verdict: verdictCode(judgement.verdict),
      observed_at: observation.at,
      last_used: lastUsedOf(observation),
      judgement: storeJudgement(judgement),
    })),
  );
  await sql`
    insert into keysweep.sweep_key (sweep_id, key_id, entry_id, observation_id, batch, verdict,
      attempts, observed_at, last_used, judgement)
    select sweep_id, key_id, entry_id, observation_id, 0, verdict, 0, observed_at, last_used,
      judgement
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (sweep_id integer,
      key_id integer, entry_id integer, observation_id integer, verdict smallint,
      observed_at timestamptz, last_used timestamptz, judgement jsonb)
    order by sweep_id, key_id
  `.execute(tx);
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
    from (
      select sweep_id, ${countedColumns} from keysweep.sweep_key
      where sweep_id = any (${ids}::integer[]) group by sweep_id
    ) n
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
