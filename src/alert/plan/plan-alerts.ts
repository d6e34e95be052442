import type { PlannedAlert } from '../message.ts';
import { type AlertedEvent, toAlertedEvent } from './alerted-event.ts';
import { type AlertsTerms, changesMessage } from './changes-message.ts';
import type { PendingEvent } from './pending-event.ts';
import type { PlannedParts } from './plan-parts.ts';
import { createEventRouter } from './route-events.ts';

/** Plans messages while events come, and holds only those whose message still lacks some. */
export interface AlertsPlanner {
  /** Takes the next events, in the order in which they happened. */
  take(events: readonly PendingEvent[]): AlertsPlan;
  /** Called after the last event. Throws if the events were others than those of `parts`. */
  end(): void;
}

export interface AlertsPlan {
  /** The messages that these events complete, ordered by channel, then by part. */
  readonly alerts: readonly PlannedAlert[];
  /** The channels of the last opening of each of these findings, by row; kept for later events. */
  readonly openedTo: ReadonlyMap<number, readonly string[]>;
}

/**
 * Plans the messages about pending events. `parts`: what a planner of parts made of the same events.
 */
export function createAlertsPlanner(terms: AlertsTerms, parts: PlannedParts): AlertsPlanner {
  const route = createEventRouter(terms.destinations);
  const channels = [...parts].map(([id, sizes]) => ({
    id,
    sizes,
    made: 0,
    waiting: [] as AlertedEvent[],
  }));
  const byId = new Map(channels.map((channel) => [channel.id, channel]));
  return {
    take(events) {
      const openedTo = new Map<number, readonly string[]>();
      for (const event of events) {
        const routed = route(event);
        openedTo.set(event.findingRow, routed.openedTo);
        if (routed.channels.length === 0) continue;
        const alerted = toAlertedEvent(event, terms.destinations.publicUrl);
        for (const id of routed.channels) byId.get(id)?.waiting.push(alerted);
      }
      return { alerts: channels.flatMap((channel) => makeMessages(terms, channel)), openedTo };
    },
    end() {
      for (const { id, made, sizes, waiting } of channels) {
        if (made === sizes.length && waiting.length === 0) continue;
        throw new Error(`messages to ${id} were cut from other events`);
      }
    },
  };
}

interface OpenChannel {
  readonly id: string;
  readonly sizes: readonly number[];
  made: number;
  waiting: AlertedEvent[];
}

function makeMessages(terms: AlertsTerms, channel: OpenChannel): readonly PlannedAlert[] {
  const { id, sizes } = channel;
  const alerts: PlannedAlert[] = [];
  for (let size = sizes[channel.made]; size !== undefined; size = sizes[channel.made]) {
    if (channel.waiting.length < size) break;
    const events = channel.waiting.slice(0, size);
    channel.waiting = channel.waiting.slice(size);
    channel.made += 1;
    const place = { part: channel.made, parts: sizes.length };
    const eventIds = events.map((event) => event.id);
    alerts.push({ ...changesMessage(terms, events, place), channel: id, ...place, eventIds });
  }
  return alerts;
}
