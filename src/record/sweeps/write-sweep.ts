import { sql } from 'kysely';
import type { PolicyDocument } from '../../config/config.ts';
import { renderHeld } from '../../inventory/render-held.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import type { Trigger } from '../store/tables/tables.ts';
import type { HeldInventory, Inventory } from './compare-inventory.ts';
import { mirrorInventory } from './mirror-inventory.ts';
import {
  type KeyToSweep,
  keysPerBatch,
  type PlannedBatch,
  planBatches,
  spreadSources,
} from './plan-batches.ts';

/** PGlite blocks the process while a statement runs, so none writes more rows than this. */
const chunk = 5_000;

/** The inventory and policy for a sweep, as this process is configured. */
export interface SweepInputs {
  readonly inventory: Inventory;
  readonly policy: PolicyDocument;
  /** The store in words, for the sentence on a held inventory. */
  readonly store: string;
  /** Whether somebody accepted that the inventory replaces the tracked keys. */
  readonly replacesInventory: boolean;
}

/** A batch to be queued. `round` counts how often it was queued before. */
export interface OpenBatch {
  readonly batch: number;
  readonly round: number;
}

export interface OpenedSweep {
  readonly sweepId: string;
  readonly scope: 'full' | 'partial';
  /** In the order in which they are to be worked on. */
  readonly batches: readonly OpenBatch[];
  /** Set if the sweep is over the keys tracked before, because the inventory is held. */
  readonly held?: HeldInventory | undefined;
}

/** A sweep to be written; `keys` undefined means every tracked key. */
export interface SweepOrder {
  readonly trigger: Trigger;
  readonly schedule: string | null;
  readonly dueAt: Date | null;
  readonly scope: 'full' | 'partial';
  readonly keys: readonly (readonly [string, string])[] | undefined;
  readonly deadlineMs: number;
}

/**
 * Writes the sweep, its batches and a pending row per key; all become visible at once, on commit.
 * While the inventory is held, ticks and re-audits use the keys tracked before, and a request for a
 * full sweep is refused with `RequestRefused`: a person can look at the file and accept it.
 */
export async function writeSweep(tx: RecordsTransaction, order: SweepOrder, inputs: SweepInputs) {
  const { inventory, replacesInventory, store } = inputs;
  const held = await mirrorInventory(tx, inventory, replacesInventory);
  const why = held && renderHeld({ ...held, store, files: inventory.files });
  if (why !== undefined && order.trigger === 'request' && order.scope === 'full') {
    throw new RequestRefused(why);
  }
  const policyId = await storePolicy(tx, inputs.policy);
  const keys = await selectKeys(tx, order.keys, why);
  const batches = planBatches(keys);
  const sweep = await tx
    .insertInto('sweep')
    .values({
      trigger: order.trigger,
      schedule: order.schedule,
      due_at: order.dueAt,
      scope: order.scope,
      policy_id: policyId,
      deadline_at: sql<Date>`now() + ${order.deadlineMs} * interval '1 millisecond'`,
      open_batches: batches.length,
      tracked: keys.length,
    })
    .returning(['id', 'uuid'])
    .executeTakeFirstOrThrow();
  for (let at = 0; at < batches.length; at += chunk / keysPerBatch) {
    await writeBatches(tx, sweep.id, batches.slice(at, at + chunk / keysPerBatch));
  }
  const opened: OpenedSweep = {
    sweepId: sweep.uuid,
    scope: order.scope,
    batches: spreadSources(batches).map(({ batch }) => ({ batch, round: 0 })),
    held,
  };
  return { id: sweep.id, opened };
}

/** The row of the policy, which is stored once. */
export async function storePolicy(
  tx: RecordsTransaction,
  document: PolicyDocument,
): Promise<number> {
  const { hash, text, policy } = document;
  await tx
    .insertInto('policy')
    .values({ hash, text, version: policy.version })
    .onConflict((on) => on.column('hash').doNothing())
    .execute();
  const stored = await tx
    .selectFrom('policy')
    .select('id')
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow();
  return stored.id;
}

/** The named tracked keys, or all of them, by source. `whyHeld`: why the inventory is not used. */
async function selectKeys(
  tx: RecordsTransaction,
  named: SweepOrder['keys'],
  whyHeld: string | undefined,
): Promise<readonly KeyToSweep[]> {
  let query = tx
    .selectFrom('tracked_key')
    .select(['id', 'source', 'entry_id as entry'])
    .where('untracked_at', 'is', null);
  if (named !== undefined) {
    const sources = named.map(([source]) => source);
    const ids = named.map(([, keyId]) => keyId);
    query = query.where(
      sql<boolean>`(source, key_id) in (select * from unnest(${sources}::text[], ${ids}::text[]))`,
    );
  }
  const keys = await query.orderBy('source').orderBy('id').execute();
  if (named !== undefined) await refuseUnknown(tx, named, keys.length, whyHeld);
  return keys;
}

async function refuseUnknown(
  tx: RecordsTransaction,
  named: NonNullable<SweepOrder['keys']>,
  found: number,
  whyHeld: string | undefined,
): Promise<void> {
  const distinct = new Map(named.map((key) => [JSON.stringify(key), key]));
  if (found === distinct.size) return;
  for (const [source, keyId] of distinct.values()) {
    const known = await tx
      .selectFrom('tracked_key')
      .select('id')
      .where('source', '=', source)
      .where('key_id', '=', keyId)
      .where('untracked_at', 'is', null)
      .executeTakeFirst();
    if (known === undefined) {
      const what = `no key ${keyId} of source ${source} is in the inventory`;
      throw new RequestRefused(whyHeld === undefined ? what : `${what} in use; ${whyHeld}`);
    }
  }
}

async function writeBatches(
  tx: RecordsTransaction,
  sweep: number,
  batches: readonly PlannedBatch[],
) {
  if (batches.length === 0) return;
  const rows = batches.flatMap(({ batch, keys }) => keys.map((key) => ({ ...key, batch })));
  await tx
    .insertInto('sweep_batch')
    .values(
      batches.map(({ batch, keys }) => ({
        sweep_id: sweep,
        batch,
        source: keys[0]?.source ?? '',
        first_key: keys[0]?.id ?? 0,
        last_key: keys.at(-1)?.id ?? 0,
        pending: keys.length,
      })),
    )
    .execute();
  await sql`
    insert into keysweep.sweep_key (sweep_id, key_id, entry_id, batch)
    select ${sweep}, * from unnest(
      ${rows.map((row) => row.id)}::integer[],
      ${rows.map((row) => row.entry)}::integer[],
      ${rows.map((row) => row.batch)}::integer[]
    )
  `.execute(tx);
}
