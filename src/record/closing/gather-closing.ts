import { type RawBuilder, sql } from 'kysely';
import type { AlertUnknown } from '../../alert/message.ts';
import { writeReminders } from '../findings/remind-findings.ts';
import { readAlertContext } from '../outbox/alert-events.ts';
import type { AlertContext } from '../outbox/alert-step.ts';
import type { Alerting } from '../outbox/alerting.ts';
import { pendingEventsOf, readSweepEvents, type SweepEvent } from '../outbox/pending-events.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { isChange } from '../store/findings/is-change.ts';
import type { ClosingSweep } from './lock-closing.ts';
import { type Holding, planHolding } from './plan-holding.ts';
import type { EarlierSweep } from './read-changes.ts';
import { readDifference } from './read-difference.ts';
import { readUnknowns } from './read-unknowns.ts';
import { readTotals, type Totals } from './totals.ts';

/** All that the closing of a sweep is planned from. */
export interface ClosingFacts {
  readonly sweep: ClosingSweep;
  readonly totals: Totals;
  /** Batches that had not ended at the deadline. */
  readonly lateBatches: number;
  readonly holding: Holding;
  /** How many of the sweep's own changes wait if they are held. */
  readonly waiting: number;
  /** Pending events of the findings changed by a held sweep whose holding ends. */
  readonly heldEvents: readonly SweepEvent[];
  /** The held sweeps that are confirmed, by row. */
  readonly contexts: ReadonlyMap<number, AlertContext>;
  /** The first of the unknown keys, if their set changed. */
  readonly unknowns: readonly AlertUnknown[];
}

/**
 * What the closing knows before it reads anything: the sweep it locked, and those that are held.
 */
export interface LockedClosing {
  readonly sweep: ClosingSweep;
  readonly held: readonly EarlierSweep[];
  readonly lateBatches: number;
}

/**
 * Reads all that the closing is planned from, after it has written the reminders that are due. Held
 * events are only counted: they may be many.
 */
export async function gatherClosing(
  tx: RecordsTransaction,
  { sweep, held, lateBatches }: LockedClosing,
  alerting: Alerting,
): Promise<ClosingFacts> {
  const totals = await readTotals(tx, sweep.id);
  const full = sweep.scope === 'full';
  const holding: Holding = full
    ? planHolding(held, await readDifference(tx, sweep.id, held, alerting), alerting.anomaly)
    : { kind: 'alert', confirmed: [] };
  const reminds = full && holding.kind === 'alert';
  if (reminds) await writeReminders(tx, sweep, alerting.remindAfterMs);
  return {
    ...{ sweep, totals, lateBatches, holding },
    waiting: holding.kind === 'hold' ? await countWaiting(tx, sweep.id) : 0,
    heldEvents: await readHeldEvents(tx, holding),
    contexts: await readContexts(tx, holding),
    unknowns: full && totals.unknownsChanged ? await readUnknowns(tx, sweep.id) : [],
  };
}

async function countWaiting(tx: RecordsTransaction, sweepRow: number): Promise<number> {
  const counted = await sql<{ waiting: number }>`
    select count(*)::integer as waiting from keysweep.finding_event v
    where v.sweep_id = ${sweepRow} and v.planned_at is null and ${isChange('v')}
  `.execute(tx);
  return counted.rows[0]?.waiting ?? 0;
}

/** The rows of the held sweeps whose holding ends. */
function endingOf(holding: Holding): readonly number[] {
  if (holding.kind === 'hold') return [];
  const ends = holding.kind === 'alert' ? holding.confirmed : holding.withdrawn;
  return ends.map(({ id }) => id);
}

async function readHeldEvents(
  tx: RecordsTransaction,
  holding: Holding,
): Promise<readonly SweepEvent[]> {
  const ending = endingOf(holding);
  if (ending.length === 0) return [];
  return readSweepEvents(tx, pendingEventsOf(findingsChangedIn(ending), ending));
}

/**
 * The events that a closing alerts, as an SQL list of ids: the pending ones of the findings changed
 * by this sweep, or by a held one whose holding ends.
 */
export function pendingOf({ sweep, holding }: ClosingFacts): RawBuilder<unknown> {
  const ending = endingOf(holding);
  return pendingEventsOf(findingsChangedIn([sweep.id, ...ending]), ending);
}

function findingsChangedIn(sweeps: readonly number[]): RawBuilder<unknown> {
  return sql`select finding_id from keysweep.finding_event
    where sweep_id = any (${[...sweeps]}::integer[])`;
}

async function readContexts(
  tx: RecordsTransaction,
  holding: Holding,
): Promise<ReadonlyMap<number, AlertContext>> {
  const contexts = new Map<number, AlertContext>();
  if (holding.kind !== 'alert') return contexts;
  for (const { id } of holding.confirmed) {
    const context = await readAlertContext(tx, id);
    if (context !== undefined) contexts.set(id, context);
  }
  return contexts;
}
