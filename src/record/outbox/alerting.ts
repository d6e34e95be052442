import type { AnomalyConfig, Heartbeats } from '../../alert/alerts-config.ts';
import { type Destinations, destinationsOf } from '../../alert/destinations.ts';
import type { Config } from '../../config/config.ts';
import { longestTold } from '../../evidence/log/told-checkpoint.ts';

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
  const { evidence } = config;
  const { remindAfterMs, anomaly } = config.alerts;
  return {
    ...destinationsOf(config),
    longestCheckpoint:
      evidence.verifierKey === undefined ? undefined : longestTold(evidence.origin ?? ''),
    remindAfterMs,
    anomaly,
    heartbeats: config.heartbeats,
    emptyInventoryFiles: config.emptyInventoryFiles,
  };
}
