import type { AlertChannel } from '../../alert/channels/channel.ts';
import { requestOutcomes } from '../../sources/source-watch.ts';
import type { OnSourceFigures } from '../../sources/thread/start-thread.ts';
import type { MetricsRegistry } from './create-registry.ts';
import type { LabelNames } from './label-names.ts';

/** Series are there from the beginning, so that the first event counts as a rise. */
export function startAtZero(registry: MetricsRegistry, names: LabelNames): void {
  for (const source of names.sources) {
    for (const outcome of requestOutcomes) {
      registry.count('keysweep_vendor_requests_total', [source, outcome], 0);
    }
    registry.count('keysweep_rate_limit_waits_total', [source], 0);
    registry.count('keysweep_rate_limit_wait_seconds_total', [source], 0);
    registry.count('keysweep_source_pauses_total', [source], 0);
    registry.set('keysweep_source_paused', [source], 0);
  }
  for (const channel of names.channels) {
    for (const outcome of ['delivered', 'passing', 'permanent']) {
      registry.count('keysweep_deliveries_total', [channel, outcome], 0);
    }
  }
}

/** Notes what the thread says of the sources. */
export function noteSources(registry: MetricsRegistry): OnSourceFigures {
  return (source, { requests, waits, waitedMs, pauses, paused }) => {
    for (const { outcome, ms } of requests) {
      registry.count('keysweep_vendor_requests_total', [source, outcome]);
      registry.observe('keysweep_vendor_request_duration_seconds', [source], ms / 1_000);
    }
    registry.count('keysweep_rate_limit_waits_total', [source], waits);
    registry.count('keysweep_rate_limit_wait_seconds_total', [source], waitedMs / 1_000);
    registry.count('keysweep_source_pauses_total', [source], pauses);
    registry.set('keysweep_source_paused', [source], paused ? 1 : 0);
  };
}

/** The channels, with each attempt noted. */
export function noteDeliveries(
  registry: MetricsRegistry,
  names: LabelNames,
  channels: ReadonlyMap<string, AlertChannel>,
): ReadonlyMap<string, AlertChannel> {
  const noted = (channel: AlertChannel): AlertChannel => ({
    id: channel.id,
    format: channel.format,
    async deliver(alert, signal) {
      const delivery = await channel.deliver(alert, signal);
      registry.count('keysweep_deliveries_total', [names.channelOf(channel.id), delivery.kind]);
      return delivery;
    },
  });
  return new Map([...channels].map(([id, channel]) => [id, noted(channel)]));
}
