import type { OnDelivery } from '../../alert/watch-deliveries.ts';
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

/** Hears what one process does at sources and channels. */
export interface WorkWatch {
  readonly sourceFigures: OnSourceFigures;
  /** An attempt to deliver to a channel ended. */
  readonly delivered: OnDelivery;
}

/** Counts what this process does, and the worker processes that it has started. */
export interface WorkCounts {
  /** Hears one of them. */
  watch(process: number): WorkWatch;
  /** Shows how many of them work now. */
  working(processes: number): void;
  /** It has ended, so it pauses no source any more. */
  ended(process: number): void;
}

export function countWork(registry: MetricsRegistry, names: LabelNames): WorkCounts {
  const paused = new Map<string, Set<number>>();
  const showPaused = (source: string, process: number, isPaused: boolean) => {
    const by = paused.get(source) ?? new Set();
    paused.set(source, by);
    if (isPaused) by.add(process);
    else by.delete(process);
    registry.set('keysweep_source_paused', [source], by.size > 0 ? 1 : 0);
  };
  return {
    watch: (process) => ({
      sourceFigures(source, { requests, waits, waitedMs, pauses, paused: isPaused }) {
        for (const { outcome, ms } of requests) {
          registry.count('keysweep_vendor_requests_total', [source, outcome]);
          registry.observe('keysweep_vendor_request_duration_seconds', [source], ms / 1_000);
        }
        registry.count('keysweep_rate_limit_waits_total', [source], waits);
        registry.count('keysweep_rate_limit_wait_seconds_total', [source], waitedMs / 1_000);
        registry.count('keysweep_source_pauses_total', [source], pauses);
        showPaused(source, process, isPaused);
      },
      delivered: (channel, outcome) =>
        registry.count('keysweep_deliveries_total', [names.channelOf(channel), outcome]),
    }),
    working: (processes) => registry.set('keysweep_worker_processes', [], processes),
    ended(process) {
      for (const source of paused.keys()) showPaused(source, process, false);
    },
  };
}
