import { sql } from 'kysely';
import { parsePinned } from '../../evaluate/policy/parse-pinned.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';
import { startDatabaseClock } from '../../timing/database-clock.ts';
import {
  type PendingStateRow,
  pendingStateColumns,
  toPendingState,
} from '../findings/read-states.ts';
import type { ClaimedBatch, PendingKey } from '../store/claimed-batch.ts';
import type { Database, Records } from '../store/database.ts';
import { BatchHeld } from '../store/errors.ts';
import type { BatchKeys } from '../store/packs/listed-batches.ts';

/**
 * Takes the batch and reads its pending keys. Undefined if the batch is done or its sweep is
 * closed. Throws `BatchHeld` while another worker's lease runs.
 */
export async function claimBatch(
  database: Database,
  sweepId: string,
  batch: number,
  leaseMs: number,
  readPolicy: typeof parsePinned = parsePinned,
): Promise<ClaimedBatch | undefined> {
  const claimed = await takeLease(database, sweepId, batch, leaseMs);
  if (claimed === undefined) return undefined;
  return readClaimed(
    database.db,
    sweepId,
    claimed,
    readPolicy(claimed.text, claimed.approved_waivers),
  );
}

/** Reads the pending keys of a batch that the caller holds. */
export async function readClaimed(
  db: Records,
  sweepId: string,
  lease: LeaseRow,
  policy: Policy,
): Promise<ClaimedBatch> {
  return {
    sweepId,
    batch: lease.batch,
    sweepRow: lease.sweep_id,
    source: lease.source,
    fence: lease.fence,
    list: listOf(lease),
    seed: lease.seed,
    schedule: lease.schedule,
    asOf: lease.opened_at,
    deadlineAt: lease.deadline_at,
    policy,
    policyRow: lease.policy_id,
    sourceRefused: lease.refused_sources.includes(lease.source),
    keys: await readPending(db, lease, policy),
    clock: startDatabaseClock(lease.now),
  };
}

/** Prolongs the lease, unless another worker has taken the batch. */
export async function renewLease(
  database: Database,
  { sweepRow, batch, fence }: ClaimedBatch,
  leaseMs: number,
): Promise<void> {
  await sql`
    update keysweep.sweep_batch set leased_until = now() + ${leaseMs} * interval '1 millisecond'
    where sweep_id = ${sweepRow} and batch = ${batch} and fence_token = ${fence} and done_at is null
  `.execute(database.db);
}

/** Ends the lease, unless another worker has taken the batch. */
export async function releaseLease(
  database: Database,
  { sweepRow, batch, fence }: ClaimedBatch,
): Promise<void> {
  await sql`
    update keysweep.sweep_batch set leased_until = null
    where sweep_id = ${sweepRow} and batch = ${batch} and fence_token = ${fence} and done_at is null
  `.execute(database.db);
}

/** The `leaseColumns` of one batch. */
export interface LeaseRow {
  readonly sweep_id: number;
  readonly batch: number;
  readonly source: string;
  readonly fence: number;
  readonly list_hash: Uint8Array;
  readonly key_ids: number[];
  readonly entry_ids: number[];
  readonly schedule: string | null;
  readonly opened_at: Date;
  readonly deadline_at: Date;
  readonly policy_id: number;
  readonly text: string;
  readonly approved_waivers: string[] | null;
  readonly refused_sources: string[];
  readonly seed: Uint8Array;
  readonly now: Date;
}

/** Columns of a batch `b`, its key list `l`, its sweep `s` and its policy `p`. */
export const leaseColumns = sql`b.sweep_id, b.batch, b.source, b.fence_token as fence,
  l.hash as list_hash, l.key_ids, l.entry_ids, s.schedule, s.opened_at, s.deadline_at, s.policy_id, p.text,
  s.approved_waivers, s.refused_sources, s.seed,
  clock_timestamp() as now`;

async function takeLease(database: Database, sweepId: string, batch: number, leaseMs: number) {
  const taken = await sql<LeaseRow>`
    update keysweep.sweep_batch b
    set fence_token = b.fence_token + 1,
      leased_until = now() + ${leaseMs} * interval '1 millisecond'
    from keysweep.sweep s join keysweep.policy p on p.id = s.policy_id, keysweep.key_list l
    where l.id = b.list_id and s.uuid = ${sweepId}::uuid and s.closed_at is null and b.sweep_id = s.id
      and b.batch = ${batch} and b.done_at is null
      and (b.leased_until is null or b.leased_until <= now())
    returning ${leaseColumns}
  `.execute(database.db);
  if (taken.rows[0] !== undefined) return taken.rows[0];
  const held = await sql<{ for_ms: number }>`
    select (extract(epoch from b.leased_until - now()) * 1000)::float8 as for_ms
    from keysweep.sweep_batch b join keysweep.sweep s on s.id = b.sweep_id
    where s.uuid = ${sweepId}::uuid and s.closed_at is null and b.batch = ${batch}
      and b.done_at is null
  `.execute(database.db);
  if (held.rows[0] !== undefined) throw new BatchHeld(sweepId, batch, held.rows[0].for_ms);
  return undefined;
}

interface PendingRow extends PendingStateRow {
  readonly row: number;
  readonly entry: number;
  readonly entryHash: Uint8Array;
  readonly attempts: number;
  readonly keyId: string;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approvedScopes: string[] | null;
  readonly tags: string[];
}

function listOf({ list_hash: hash, key_ids: keys, entry_ids: entries }: LeaseRow): BatchKeys {
  return { hash, keys, entries };
}

async function readPending(
  db: Records,
  lease: LeaseRow,
  policy: Policy,
): Promise<readonly PendingKey[]> {
  const { keys, entries } = listOf(lease);
  const pending = await sql<PendingRow>`
    select s.key_id as row, coalesce(r.attempts, 0) as attempts, s.entry_id as entry,
      e.hash as "entryHash", k.key_id as "keyId", e.owner, e.environment, e.approved_scopes as "approvedScopes", e.tags,
      ${pendingStateColumns(policy)}
    from unnest(${keys}::integer[], ${entries}::integer[]) as s (key_id, entry_id)
    left join lateral (
      select * from keysweep.key_result r
      where r.sweep_id = ${lease.sweep_id} and r.key_id = s.key_id offset 0
    ) r on true
    join keysweep.tracked_key k on k.id = s.key_id
    join keysweep.inventory_entry e on e.id = s.entry_id
    where r.verdict is null
    order by s.key_id
  `.execute(db);
  return pending.rows.map((found) => {
    const { row, attempts, entry, entryHash, keyId, owner, environment, approvedScopes, tags } =
      found;
    const key = { source: lease.source, keyId, owner, environment, approvedScopes, tags };
    return { row, attempts, entry, entryHash, key, ...toPendingState(found, policy) };
  });
}
