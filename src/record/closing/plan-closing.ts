import type { AlertUnknown, PlannedAlert, SweepRecovered } from '../../alert/message.ts';
import type { PendingEvent } from '../../alert/plan-alerts.ts';
import type { Anomaly } from '../../alert/plan-anomaly.ts';
import { planAnomalyNotice, planIncomplete, planRecovered } from '../../alert/plan-notices.ts';
import { planWithdrawal } from '../../alert/plan-withdrawal.ts';
import { isComplete } from '../../keys/coverage.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { SweepEvent } from '../outbox/pending-events.ts';
import {
  type AlertContext,
  type AlertStep,
  noticeStep,
  planAlertStep,
  silentStep,
} from '../outbox/plan-alert-step.ts';
import type { Heartbeat } from '../outbox/write-heartbeat.ts';
import type { ClosingSweep } from './lock-closing.ts';
import type { Holding } from './plan-holding.ts';
import type { EarlierSweep } from './read-changes.ts';
import { splitEvents } from './split-events.ts';
import type { Totals } from './totals.ts';

/** All that the closing of a sweep is planned from. */
export interface ClosingFacts {
  readonly sweep: ClosingSweep;
  readonly totals: Totals;
  /** Batches that had not ended at the deadline. */
  readonly lateBatches: number;
  readonly holding: Holding;
  /** How many of the sweep's own changes wait if they are held. */
  readonly waiting: number;
  /** What is pending of the findings that this sweep changed, or a held one whose holding ends. */
  readonly events: readonly SweepEvent[];
  /** The reminders that are due, not yet written. */
  readonly reminders: readonly SweepEvent[];
  /** By row: the held sweeps that are confirmed. */
  readonly contexts: ReadonlyMap<number, AlertContext>;
  /** The first of the unknown keys, where their set changed. */
  readonly unknowns: readonly AlertUnknown[];
}

/** What is written to close a sweep. */
export interface ClosingPlan {
  readonly status: 'complete' | 'incomplete';
  /** Set where the sweep's changes are held. */
  readonly held: (Anomaly & { readonly held: number }) | undefined;
  readonly ended: EndedHolding | undefined;
  readonly reminders: readonly SweepEvent[];
  /** In order: nothing about a finding is said before what happened to it first. */
  readonly steps: readonly AlertStep[];
  readonly heartbeat: Extract<Heartbeat, 'success' | 'fail'>;
}

/** Held sweeps whose changes wait no longer, and why. */
export interface EndedHolding {
  readonly sweeps: readonly EarlierSweep[];
  readonly how: 'confirmed' | 'withdrawn';
}

export function planClosing(facts: ClosingFacts, alerting: Alerting): ClosingPlan {
  const { sweep, totals, lateBatches, unknowns } = facts;
  const status = isComplete(totals.coverage) ? 'complete' : 'incomplete';
  const context = contextOf(facts, status);
  const changed = sweep.scope === 'full' && totals.unknownsChanged;
  const { coverage } = totals;
  const { channels } = alerting;
  const said = { sweep: context.sweep, coverage, changed, unknowns, channels };
  const changes = planChanges(facts, context, alerting);
  return {
    ...{ held: undefined, ended: undefined, reminders: [] },
    ...changes,
    status,
    steps: [...changes.steps, noticeStep(context, planIncomplete(said))],
    heartbeat: lateBatches > 0 || sweep.deadline_at < sweep.now ? 'fail' : 'success',
  };
}

/** Plans the alerts for the changes of a sweep that were held, because somebody releases them. */
export function planRelease(
  context: AlertContext,
  events: readonly PendingEvent[],
  alerting: Alerting,
): readonly AlertStep[] {
  const said = { anomaly: context.sweep.id, how: 'released', withdrawn: 0 } as const;
  return [planAlertStep(context, events, alerting), noticeOf(context, said, alerting)];
}

function contextOf({ sweep, totals }: ClosingFacts, status: ClosingPlan['status']): AlertContext {
  const { id, uuid, trigger, schedule, scope, opened_at: asOf, now } = sweep;
  const { coverage } = totals;
  return { id, sweep: { id: uuid, trigger, schedule, scope, status }, coverage, now, asOf };
}

type PlannedChanges = Pick<ClosingPlan, 'steps'> &
  Partial<Pick<ClosingPlan, 'held' | 'ended' | 'reminders'>>;

function planChanges(
  facts: ClosingFacts,
  context: AlertContext,
  alerting: Alerting,
): PlannedChanges {
  const { holding } = facts;
  switch (holding.kind) {
    case 'hold': {
      const held = { ...holding.anomaly, held: facts.waiting };
      const { sweep, coverage } = context;
      const notices = planAnomalyNotice({ sweep, coverage, ...held }, alerting.channels);
      return { held, steps: [noticeStep(context, notices)] };
    }
    case 'recovered':
      return planRecovery(facts, holding.withdrawn, context, alerting);
    case 'alert':
      return planConfirmation(facts, holding.confirmed, context, alerting);
    default:
      return holding satisfies never;
  }
}

/** What has gone back is reported to nobody; the rest is reported with what this sweep changed. */
function planRecovery(
  { events }: ClosingFacts,
  withdrawn: readonly EarlierSweep[],
  context: AlertContext,
  alerting: Alerting,
): PlannedChanges {
  const steps: AlertStep[] = [];
  const notices: AlertStep[] = [];
  let left = events;
  for (const { id, uuid } of withdrawn) {
    const split = splitEvents(left, id);
    const plan = planWithdrawal(split.taken);
    steps.push(silentStep(context, plan.withdrawn), planAlertStep(context, plan.kept, alerting));
    const said = { anomaly: uuid, how: 'withdrawn', withdrawn: plan.findings } as const;
    notices.push(noticeOf(context, said, alerting));
    left = split.left;
  }
  const own = planAlertStep(context, left, alerting);
  return { ended: { sweeps: withdrawn, how: 'withdrawn' }, steps: [...steps, own, ...notices] };
}

/**
 * Each held sweep's changes in its own name, and then what the sweep that confirms them changed.
 */
function planConfirmation(
  { events, reminders, contexts }: ClosingFacts,
  confirmed: readonly EarlierSweep[],
  context: AlertContext,
  alerting: Alerting,
): PlannedChanges {
  const steps: AlertStep[] = [];
  let left = events;
  for (const { id, uuid } of confirmed) {
    const heldContext = contexts.get(id);
    if (heldContext === undefined) continue;
    const split = splitEvents(left, id, context.id);
    const step = planAlertStep(heldContext, split.taken, alerting);
    const said = { anomaly: uuid, how: 'confirmed', withdrawn: 0 } as const;
    steps.push(step, noticeOf(context, said, alerting));
    left = split.left.map((event) => follow(event, step));
  }
  steps.push(planAlertStep(context, [...left, ...reminders], alerting));
  return { ended: { sweeps: confirmed, how: 'confirmed' }, reminders, steps };
}

/** What follows an opening goes where that went, though it is not written yet. */
function follow(event: SweepEvent, { openedTo }: AlertStep): SweepEvent {
  return { ...event, openedTo: openedTo.get(event.finding.fingerprint) ?? event.openedTo };
}

function noticeOf(
  context: AlertContext,
  said: Omit<SweepRecovered, 'sweep' | 'coverage'>,
  alerting: Alerting,
): AlertStep {
  const { sweep, coverage } = context;
  const notices: readonly PlannedAlert[] = planRecovered({ sweep, coverage, ...said }, alerting);
  return noticeStep(context, notices);
}
