import { planIncomplete } from '../../alert/plan/plan-notices.ts';
import { isComplete } from '../../keys/coverage.ts';
import { markSimulated } from '../../report/simulated.ts';
import type { AlertContext } from '../outbox/alert-step.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { Heartbeat } from '../outbox/write-heartbeat.ts';
import type { ClosingFacts } from './gather-closing.ts';
import { type PlannedChangeAlerts, planChangeAlerts } from './plan-change-alerts.ts';

/** What is written to close a sweep. */
export interface ClosingPlan extends PlannedChangeAlerts {
  readonly status: 'complete' | 'incomplete';
  readonly heartbeat: Extract<Heartbeat, 'success' | 'fail'>;
}

/**
 * Plans the closing of a sweep: its status, which changes are alerted or held, the
 * notice about unknown keys, which comes last, and the heartbeat.
 */
export function planClosing(facts: ClosingFacts, alerting: Alerting): ClosingPlan {
  const { sweep, totals, lateBatches, unknowns } = facts;
  const status = isComplete(totals.coverage) ? 'complete' : 'incomplete';
  const context = contextOf(facts, status);
  const changed = sweep.scope === 'full' && totals.unknownsChanged;
  const { coverage } = totals;
  const { channels } = alerting;
  const said = { sweep: context.sweep, coverage, changed, unknowns, channels };
  // A night in which no key was audited is no success, however well it ended.
  const isGood = lateBatches === 0 && !endedEarly(sweep) && coverage.audited > 0;
  const changes = planChangeAlerts(facts, context, alerting);
  const notices = { kind: 'notices', context, alerts: planIncomplete(said) } as const;
  return {
    ...changes,
    status,
    steps: [...changes.steps, notices],
    heartbeat: isGood ? 'success' : 'fail',
  };
}

function endedEarly({ deadline_at, stopped_at, now }: ClosingFacts['sweep']): boolean {
  return stopped_at !== null || deadline_at < now;
}

function contextOf({ sweep, totals }: ClosingFacts, status: ClosingPlan['status']): AlertContext {
  const { id, uuid, trigger, schedule, scope, opened_at: asOf, now } = sweep;
  const { coverage } = totals;
  const about = { id: uuid, trigger, schedule, scope, status, ...markSimulated(sweep.simulated) };
  return { id, sweep: about, coverage, now, asOf };
}
