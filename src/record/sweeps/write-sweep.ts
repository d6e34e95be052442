import { sql } from 'kysely';
import type { Approvals, PolicyDocument } from '../../config/config.ts';
import { renderHeld } from '../../inventory/render-held.ts';
import { readApproved } from '../approvals/read-approvals.ts';
import { logInputs } from '../log/log-inputs.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { readInPages } from '../store/paging/read-in-pages.ts';
import type { Trigger } from '../store/tables/sweep-tables.ts';
import type { HeldInventory, Inventory } from './inventory/compare-inventory.ts';
import { mirrorInventory } from './inventory/mirror-inventory.ts';
import { type KeyToSweep, type PlannedBatch, planBatches, spreadSources } from './plan-batches.ts';
import { writeBatches } from './write-batches.ts';

/** Keys that are read at once: PGlite blocks the process while a statement runs. */
const chunk = 5_000;

/** The inventory and policy for a sweep, as this process is configured. */
export interface SweepInputs {
  readonly inventory: Inventory;
  readonly policy: PolicyDocument;
  readonly approvals: Approvals;
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
 * Writes the sweep and its batches with their keys; all become visible at once, on commit. While the
 * inventory is held, ticks and re-audits use the keys tracked before, and a request for a full sweep
 * is refused with `RequestRefused`: a person can look at the file and accept it.
 */
export async function writeSweep(tx: RecordsTransaction, order: SweepOrder, inputs: SweepInputs) {
  const { inventory, replacesInventory, store } = inputs;
  const held = await mirrorInventory(tx, inventory, replacesInventory);
  const why = held && renderHeld({ ...held, store, files: inventory.files });
  if (why !== undefined && order.trigger === 'request' && order.scope === 'full') {
    throw new RequestRefused(why);
  }
  const policyId = await storePolicy(tx, inputs.policy);
  // An approval that comes later counts from the next sweep on.
  const approved = await readApproved(tx, inputs.approvals, inputs.policy.policy);
  const sweep = await tx
    .insertInto('sweep')
    .values({
      trigger: order.trigger,
      schedule: order.schedule,
      due_at: order.dueAt,
      scope: order.scope,
      policy_id: policyId,
      approved_waivers: approved,
      deadline_at: sql<Date>`now() + ${order.deadlineMs} * interval '1 millisecond'`,
      open_batches: 0,
      tracked: 0,
    })
    .returning(['id', 'uuid'])
    .executeTakeFirstOrThrow();
  const batches: Pick<PlannedBatch, 'batch' | 'source'>[] = [];
  let tracked = 0;
  for await (const some of planKeys(tx, order.keys)) {
    await writeBatches(tx, sweep.id, some);
    for (const { batch, source, keys } of some) {
      batches.push({ batch, source });
      tracked += keys.length;
    }
  }
  if (order.keys !== undefined) await refuseUnknown(tx, order.keys, tracked, why);
  await sql`
    update keysweep.sweep set open_batches = ${batches.length}, tracked = ${tracked}
    where id = ${sweep.id}
  `.execute(tx);
  await logInputs(tx, {
    ...{ policy: inputs.policy, sweepRow: sweep.id, scope: order.scope, tracked },
  });
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

/** The batches of the named tracked keys, or of all, some at a time: inventories may be large. */
async function* planKeys(
  tx: RecordsTransaction,
  named: SweepOrder['keys'],
): AsyncIterable<readonly PlannedBatch[]> {
  let [rest, next]: [readonly KeyToSweep[], number] = [[], 0];
  for await (const keys of readKeys(tx, named)) {
    const planned = planBatches([...rest, ...keys], next);
    const whole = planned.slice(0, -1);
    yield whole;
    rest = planned.at(-1)?.keys ?? [];
    next += whole.length;
  }
  yield planBatches(rest, next);
}

function readKeys(
  tx: RecordsTransaction,
  named: SweepOrder['keys'],
): AsyncIterable<readonly KeyToSweep[]> {
  const wanted =
    named === undefined
      ? sql`true`
      : sql`(source, key_id) in (select * from unnest(${named.map(([source]) => source)}::text[],
          ${named.map(([, keyId]) => keyId)}::text[]))`;
  const keys = sql<KeyToSweep>`
    select id, source, entry_id as entry from keysweep.tracked_key
    where untracked_at is null and ${wanted} order by source, id
  `;
  return readInPages(tx, keys, chunk);
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
