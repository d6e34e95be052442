import { setImmediate } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import { version } from '../../config/version.ts';
import { sweepRoot } from '../../evidence/keys-root.ts';
import type { Manifest } from '../../evidence/manifest.ts';
import { appendLeaf } from '../log/append-leaf.ts';
import { keepSweepChanges } from '../log/keep-sweep-changes.ts';
import { nameObjects, readManifest, type SweepObjects } from '../log/read-manifest.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { ClosingSweep } from './lock-closing.ts';
import type { Totals } from './totals.ts';

/** Lets only one closing at a time go on, so that each sees the totals of the one before. */
export async function lockClosings(tx: RecordsTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('keysweep.closing'))`.execute(tx);
}

/** The place after all closings so far, under `lockClosings`. */
export const nextClosing: RawBuilder<number> = sql`(
  select coalesce(max(closing), 0) + 1 from keysweep.sweep
)`;

/** How a sweep was closed. */
export interface Closed {
  readonly status: 'complete' | 'incomplete';
  readonly closedAt: Date;
}

/** Tells the evidence log that the sweep is closed, what it consists of, and what it found. */
export async function logClosing(
  tx: RecordsTransaction,
  sweep: ClosingSweep,
  { verdicts, coverage }: Totals,
  { status, closedAt }: Closed,
): Promise<void> {
  const objects = await readManifest(tx, sweep);
  const [changes, { keysRoot, ...names }] = await Promise.all([
    keepSweepChanges(tx, sweep),
    hashObjects(objects),
  ]);
  const { uuid, trigger, scope, schedule, due_at, opened_at, deadline_at, policy_hash } = sweep;
  const { n } = await appendLeaf(
    tx,
    {
      event: 'sweep-closed',
      ...{ sweep: uuid, trigger, scope, schedule, status, coverage, verdicts },
      dueAt: due_at?.toISOString() ?? null,
      openedAt: opened_at.toISOString(),
      closedAt: closedAt.toISOString(),
      deadlineAt: deadline_at.toISOString(),
      keysRoot,
      keysweep: version(),
    },
    { ...names, policy: policy_hash.replace('sha256:', ''), changes },
  );
  await sql`update keysweep.sweep set leaf = ${n} where id = ${sweep.id}`.execute(tx);
}

/** Waits until the statement before has been sent, so that it runs meanwhile. */
async function hashObjects(objects: SweepObjects) {
  await setImmediate();
  return { ...nameObjects(objects), keysRoot: rootOfKeys(objects.manifest.batches) };
}

function rootOfKeys(batches: Manifest['batches']): string | null {
  const roots = batches.flatMap(({ keysRoot }) => keysRoot ?? []);
  if (roots.length < batches.length) return null;
  return sweepRoot(roots.map((root) => Buffer.from(root, 'base64'))).toString('base64');
}
