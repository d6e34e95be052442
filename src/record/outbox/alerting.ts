import type { AnomalyConfig } from '../../alert/alerts-config.ts';
import { type Destinations, destinationsOf } from '../../alert/destinations.ts';
import type { Config } from '../../config/config.ts';

/** What alerts depend on, as this process is configured. */
export interface Alerting extends Destinations {
  readonly remindAfterMs: number | undefined;
  readonly anomaly: AnomalyConfig | undefined;
  /** The schedules that have a heartbeat. */
  readonly heartbeats: ReadonlySet<string>;
  /** Files of the inventory that hold no keys: a likely cause when keys leave. */
  readonly emptyInventoryFiles: readonly string[];
}

export function alertingOf(config: Config): Alerting {
  const { remindAfterMs, anomaly } = config.alerts;
  return {
    ...destinationsOf(config),
    remindAfterMs,
    anomaly,
    heartbeats: new Set(config.heartbeats),
    emptyInventoryFiles: config.emptyInventoryFiles,
  };
}
