import { sql } from 'kysely';
import { evaluate } from '../../evaluate/evaluate.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';
import type { PolicyCache } from '../../evaluate/policy/policy-cache.ts';
import type { ClaimedBatch } from '../store/claimed-batch.ts';
import { reasonOf } from '../store/codes.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { resultsOf } from '../store/packs/pack-results.ts';
import { type LeaseRow, leaseColumns, readClaimed } from './claim-batch.ts';
import { recordHeld } from './record-batch.ts';

/**
 * Ends the batches of a sweep that was stopped or whose deadline has passed: a worker that still has one loses it, and
 * its pending keys are unknown. The rules judge these keys too, because a rule may check how long a
 * key has been unknown. One transaction per batch; after a crash the next call does the rest.
 * Returns how many batches there were.
 */
export async function endLateBatches(
  database: Database,
  sweepId: string,
  policies: PolicyCache,
): Promise<number> {
  const late = await sql<{ batch: number; stopped: boolean }>`
    select b.batch, s.stopped_at is not null as stopped
    from keysweep.sweep_batch b join keysweep.sweep s on s.id = b.sweep_id
    where s.uuid = ${sweepId}::uuid and s.closed_at is null
      and (s.deadline_at <= now() or s.stopped_at is not null) and b.done_at is null
    order by b.batch
  `.execute(database.db);
  for (const { batch, stopped } of late.rows) {
    const detail = stopped ? details.stopped : details.late;
    await database.transact((tx) => endBatch(tx, { sweepId, batch, detail }, policies));
  }
  return late.rows.length;
}

/** What is recorded about the keys that had no verdict. */
const details = {
  late: 'the deadline of the sweep passed before an answer came',
  stopped: 'the sweep was stopped before an answer came',
} as const;

interface LateBatch {
  readonly sweepId: string;
  readonly batch: number;
  readonly detail: string;
}

async function endBatch(
  tx: RecordsTransaction,
  { sweepId, batch: number, detail }: LateBatch,
  policies: PolicyCache,
): Promise<void> {
  const lease = await takeAway(tx, sweepId, number);
  if (lease === undefined) return;
  const policy = readPolicy(lease, policies);
  const batch = await readClaimed(tx, sweepId, lease, policy);
  const reasons = await readReasons(tx, batch);
  const compiled = policies.compile(policy);
  const judged = batch.keys.map((pending) => {
    const { key, history } = pending;
    const reason = reasons.get(pending.row) ?? 'timeout';
    const observation = { kind: 'unknown', at: lease.now, reason, detail } as const;
    const terms = { policy: compiled, asOf: batch.asOf, usageLagMs: 0, history };
    return { pending, observation, judgement: evaluate({ observation, key, ...terms }) };
  });
  await recordHeld(tx, batch, judged);
}

/** Takes a batch from its worker: the new fence stops that worker from writing. */
async function takeAway(tx: RecordsTransaction, sweepId: string, batch: number) {
  const taken = await sql<LeaseRow>`
    update keysweep.sweep_batch b set fence_token = b.fence_token + 1, leased_until = null
    from keysweep.sweep s join keysweep.policy p on p.id = s.policy_id, keysweep.key_list l
    where l.id = b.list_id and s.uuid = ${sweepId}::uuid and s.closed_at is null and b.sweep_id = s.id
      and b.batch = ${batch} and b.done_at is null
    returning ${leaseColumns}
  `.execute(tx);
  return taken.rows[0];
}

const noRules: Policy = { version: '', rules: [], waivers: [] };

/** The sweep must end even if this version cannot read its policy. */
function readPolicy({ text, approved_waivers }: LeaseRow, policies: PolicyCache): Policy {
  try {
    return policies.parse(text, approved_waivers);
  } catch {
    return noRules;
  }
}

/** The reason of the last failure of each pending key. */
async function readReasons(tx: RecordsTransaction, batch: ClaimedBatch) {
  const found = await sql<{ key_id: number; reason: number }>`
    select r.key_id, r.reason from keysweep.key_result r
    where ${resultsOf(batch)} and r.verdict is null and r.reason is not null
  `.execute(tx);
  return new Map(found.rows.map(({ key_id, reason }) => [key_id, reasonOf(reason)]));
}
