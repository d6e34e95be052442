import { formatOf, formats } from '../render/index.ts';
import { type AlertedEvent, toAlertedEvent } from './alerted-event.ts';
import { type AlertsTerms, changesMessage } from './changes-message.ts';
import { type Cutter, createCutter } from './cut-into-parts.ts';
import type { PendingEvent } from './pending-event.ts';
import { createEventRouter } from './route-events.ts';

/** By channel, in the order of the configuration: how many events each of its messages reports. */
export type PlannedParts = ReadonlyMap<string, readonly number[]>;

/** Plans the parts while events come, and holds only those of the last part of each channel. */
export interface PartsPlanner {
  /** Takes the next events, in the order in which they happened. */
  take(events: readonly PendingEvent[]): void;
  /** Called once, after the last event. */
  end(): PlannedParts;
}

/**
 * Plans how the messages about pending events are cut: at most 100 findings per message, each one
 * fits, and there is none without changes.
 */
export function createPartsPlanner(terms: AlertsTerms): PartsPlanner {
  const { destinations } = terms;
  const route = createEventRouter(destinations);
  const cutters = new Map(
    [...destinations.formats.keys()].map((channel) => [channel, cutterFor(terms, channel)]),
  );
  return {
    take(events) {
      for (const event of events) {
        const { channels } = route(event);
        if (channels.length === 0) continue;
        const alerted = toAlertedEvent(event, destinations.publicUrl);
        for (const channel of channels) cutters.get(channel)?.take(alerted);
      }
    },
    end: () => new Map([...cutters].map(([channel, cutter]) => [channel, cutter.end()])),
  };
}

function cutterFor(terms: AlertsTerms, channel: string): Cutter<AlertedEvent> {
  const { destinations, at } = terms;
  const format = formats[formatOf(channel, destinations)];
  return createCutter(format.mostFindings, (events) => {
    const message = changesMessage(terms, events, { part: longestNumber, parts: longestNumber });
    return format.render(message, at, destinations.longestCheckpoint).fits;
  });
}

/** Parts must fit before their number is known. This is the longest count. */
const longestNumber = 9_999_999;
