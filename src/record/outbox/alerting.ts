import type { AnomalyConfig, Heartbeats } from '../../alert/alerts-config.ts';
import { type Destinations, destinationsOf } from '../../alert/destinations.ts';
import type { Config } from '../../config/config.ts';

/** What alerts depend on, as this process is configured. */
export interface Alerting extends Destinations {
  readonly remindAfterMs: number | undefined;
  readonly anomaly: AnomalyConfig | undefined;
  /** By schedule, if it has a heartbeat. */
  readonly heartbeats: Heartbeats;
  /** Files of the inventory that hold no keys: a likely cause when keys leave. */
  readonly emptyInventoryFiles: readonly string[];
}

export function alertingOf(config: Config): Alerting {
  const { remindAfterMs, anomaly } = config.alerts;
  return {
    ...destinationsOf(config),
    remindAfterMs,
    anomaly,
    heartbeats: config.heartbeats,
    emptyInventoryFiles: config.emptyInventoryFiles,
  };
}
