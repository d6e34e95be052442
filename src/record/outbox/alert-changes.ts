import type { RawBuilder } from 'kysely';
import type { PlannedAlert } from '../../alert/message.ts';
import type { AlertsTerms } from '../../alert/plan/changes-message.ts';
import type { PendingEvent } from '../../alert/plan/pending-event.ts';
import { type AlertsPlanner, createAlertsPlanner } from '../../alert/plan/plan-alerts.ts';
import { createPartsPlanner, type PlannedParts } from '../../alert/plan/plan-parts.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { Pages } from '../store/paging/with-pages.ts';
import type { AlertContext } from './alert-step.ts';
import type { Alerting } from './alerting.ts';
import { markAlerted, markPlanned } from './mark-alerted.ts';
import { withEvents } from './pending-events.ts';
import { type WrittenAlert, writeAlerts } from './write-alerts.ts';

/**
 * Writes the alerts about these events, an SQL list of ids, in the name of one sweep, and marks the
 * events. Returns the alerts. A message says how many there are, so the events are read once to cut
 * them into messages, and once more to write these: together, a hundred thousand would need hundreds
 * of megabytes.
 */
export async function alertChanges(
  tx: RecordsTransaction,
  events: RawBuilder<unknown>,
  context: AlertContext,
  destinations: Alerting,
): Promise<readonly WrittenAlert[]> {
  const { sweep, coverage, now: at, id: sweepId, asOf } = context;
  const terms = { sweep, coverage, destinations, at };
  return withEvents(tx, events, async (pages) => {
    const planner = createAlertsPlanner(terms, await planParts(terms, pages));
    return writeAlerts(tx, takeAll(tx, planner, pages, asOf), { sweepId, destinations, at });
  });
}

/** Gives each message once it is complete, and marks the events that it has taken for it. */
async function* takeAll(
  tx: RecordsTransaction,
  planner: AlertsPlanner,
  pages: Pages<PendingEvent>,
  alertedAt: Date,
): AsyncIterable<PlannedAlert> {
  for await (const events of pages()) {
    const { alerts, openedTo } = planner.take(events);
    await markPlanned(tx, events);
    await markAlerted(tx, openedTo, alertedAt);
    yield* alerts;
  }
  planner.end();
}

async function planParts(terms: AlertsTerms, pages: Pages<PendingEvent>): Promise<PlannedParts> {
  const planner = createPartsPlanner(terms);
  if (terms.destinations.formats.size === 0) return planner.end();
  for await (const some of pages()) planner.take(some);
  return planner.end();
}
