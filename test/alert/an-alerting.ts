import type { Destinations } from '../../src/alert/destinations.ts';
import type { Alerting } from '../../src/record/outbox/alerting.ts';

/** Channels that take JSON, no routes; a test states the difference. */
export function aDestination(
  channels: readonly string[],
  difference: Partial<Destinations> = {},
): Destinations {
  const formats = new Map(channels.map((id) => [id, 'json' as const]));
  return { channels, routes: [], owners: new Map(), formats, ...difference };
}

export function anAlerting(
  channels: readonly string[],
  difference: Partial<Alerting> = {},
): Alerting {
  return {
    ...aDestination(channels),
    remindAfterMs: undefined,
    anomaly: undefined,
    heartbeats: new Map(),
    emptyInventoryFiles: [],
    ...difference,
  };
}
