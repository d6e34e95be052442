import type { AlertSweep, PlannedAlert } from '../../alert/message.ts';
import { type PendingEvent, planAlerts } from '../../alert/plan/plan-alerts.ts';
import type { Coverage } from '../../keys/coverage.ts';
import type { Alerting } from './alerting.ts';

/** The sweep in whose name alerts are written, as messages describe it. */
export interface AlertContext {
  /** The row of the sweep. */
  readonly id: number;
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  /** The database's clock. */
  readonly now: Date;
  /** What reminders count from: a closing sweep's opening, else now. */
  readonly asOf: Date;
}

/** Alerts that are written together, and the events that are no longer pending after that. */
export interface AlertStep {
  readonly context: AlertContext;
  readonly alerts: Iterable<PlannedAlert>;
  readonly events: readonly PendingEvent[];
  /** Where each finding's last opening goes, by fingerprint. */
  readonly openedTo: ReadonlyMap<string, readonly string[]>;
}

/** Plans the alerts about these events, in the name of one sweep. */
export function planAlertStep(
  context: AlertContext,
  events: readonly PendingEvent[],
  destinations: Alerting,
): AlertStep {
  const { sweep, coverage, now: at } = context;
  const { alerts, openedTo } = planAlerts({ sweep, coverage, events, destinations, at });
  return { context, alerts, events, openedTo };
}

/** Alerts that are about no finding. */
export function noticeStep(context: AlertContext, alerts: readonly PlannedAlert[]): AlertStep {
  return { context, alerts, events: [], openedTo: new Map() };
}

/** Events that are no longer pending, without an alert. */
export function silentStep(context: AlertContext, events: readonly PendingEvent[]): AlertStep {
  return { context, alerts: [], events, openedTo: new Map() };
}
