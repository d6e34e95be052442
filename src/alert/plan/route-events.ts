import type { Destinations } from '../destinations.ts';
import { compileRoutes, type Router } from '../route.ts';
import type { PendingEvent } from './pending-event.ts';

/** Where one event goes, and where its finding's last opening has gone then. */
export interface EventRoute {
  readonly channels: readonly string[];
  readonly openedTo: readonly string[];
}

/** Routes one event after the other, in the order in which they happened. */
export type EventRouter = (event: PendingEvent) => EventRoute;

/**
 * An opening or reopening is routed. Later events go to the same channels that still exist, and are
 * routed if none do. That a finding is waived, or that a waived one ended, is left out if its
 * opening was never alerted.
 */
export function createEventRouter(destinations: Destinations): EventRouter {
  const router = compileRoutes(destinations);
  const known = [...destinations.formats.keys()];
  const openedTo = new Map<number, readonly string[]>();
  return (event) => {
    const before = openedTo.get(event.findingRow) ?? event.openedTo;
    const route = routeEvent(event, before, router, known);
    if (!event.single) openedTo.set(event.findingRow, route.openedTo);
    return route;
  };
}

function routeEvent(
  event: PendingEvent,
  before: readonly string[],
  router: Router,
  known: readonly string[],
): EventRoute {
  if (!wasOpenedTo(event, before)) {
    return { channels: [], openedTo: event.was === 'open' ? before : [] };
  }
  const channels = targetsOf(event, before, router, known);
  return { channels, openedTo: channels };
}

/** False for an event that only makes sense to those who know of an opening that nobody got. */
function wasOpenedTo({ kind, was }: PendingEvent, openedTo: readonly string[]): boolean {
  if (kind === 'waived') return was === 'open' && openedTo.length > 0;
  return !(kind === 'resolved' && was === 'waived' && openedTo.length === 0);
}

function targetsOf(
  event: PendingEvent,
  openedTo: readonly string[],
  router: Router,
  channels: readonly string[],
): readonly string[] {
  const opens = event.kind === 'opened' || event.kind === 'reopened';
  const still = opens ? [] : channels.filter((channel) => openedTo.includes(channel));
  if (still.length > 0) return still;
  const { finding, tags, scopes } = event;
  return router({ ...finding, type: finding.keyType ?? undefined, tags, scopes });
}
