import type { PlannedAlert } from '../../../src/alert/message.ts';
import type { AlertsTerms } from '../../../src/alert/plan/changes-message.ts';
import type { PendingEvent } from '../../../src/alert/plan/pending-event.ts';
import { type AlertsPlan, createAlertsPlanner } from '../../../src/alert/plan/plan-alerts.ts';
import { createPartsPlanner } from '../../../src/alert/plan/plan-parts.ts';

/** Plans the messages about these events, which are given to both planners in pages of this size. */
export function planAll(
  terms: AlertsTerms,
  events: readonly PendingEvent[],
  page = events.length,
): AlertsPlan {
  const pages: (readonly PendingEvent[])[] = [];
  for (let at = 0; at < events.length; at += page) pages.push(events.slice(at, at + page));
  const parts = createPartsPlanner(terms);
  for (const some of pages) parts.take(some);
  const planner = createAlertsPlanner(terms, parts.end());
  const alerts: PlannedAlert[] = [];
  const openedTo = new Map<number, readonly string[]>();
  for (const some of pages) {
    const plan = planner.take(some);
    alerts.push(...plan.alerts);
    for (const [row, channels] of plan.openedTo) openedTo.set(row, channels);
  }
  planner.end();
  return { alerts, openedTo };
}
