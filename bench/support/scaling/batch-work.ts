import type { Events } from './events.ts';
import type { Stations } from './open-stations.ts';
import type { SimulatedBatch } from './order-batches.ts';
import { createRandom } from './random.ts';
import type { Scenario } from './scenario.ts';

/** Of one latency, the deviation of its logarithm. */
const spread = 0.3;
/** The slowest of a batch's last answers takes longer than the median. */
const slowest = 2;
const us = (count: number) => count / 1_000;

/** What a batch asks of its source and of the database. Both return the instant of the end. */
export interface BatchWork {
  ask(batch: SimulatedBatch, worker: number): number;
  /** Statements with this much processor time, one round trip each. */
  database(batch: SimulatedBatch, keyBytes: number, workUs: number, statements: number): number;
}

export function createBatchWork(scenario: Scenario, stations: Stations, events: Events): BatchWork {
  const { sources, costs, roundTripMs, networkBytesPerMs } = scenario;
  const random = createRandom(scenario.seed);
  // One slot of two or more is kept for re-audits.
  const slots = Math.max(1, scenario.concurrency - 1);
  return {
    ask({ source, keys }, worker) {
      const now = events.now();
      const own = stations.ofWorker(worker);
      const latencyMs = (sources[source]?.latencyMs ?? 0) + roundTripMs;
      const meanMs = latencyMs * random.lognormal(spread / Math.sqrt(keys));
      const askUs = keys * costs.askKey;
      const parts = [
        stations.limit(source).serve(now, keys * stations.intervalMs(source)),
        own.slots(source).serve(now, (keys * meanMs) / slots),
        own.asking.serve(now, us(askUs)),
        own.network.serve(now, (keys * costs.answerBytes) / networkBytesPerMs),
      ];
      const answered = stations.vendor?.serve(now, us(keys * costs.vendorKey));
      const end = Math.max(answered?.end ?? 0, ...parts.map((part) => part.end));
      return end + latencyMs * slowest * random.lognormal(spread);
    },
    database({ source, keys }, keyBytes, workUs, statements) {
      const { network, processors } = stations.database(source);
      const sent = network.serve(events.now(), (keys * keyBytes) / networkBytesPerMs).end;
      return processors.serve(sent, us(workUs)).end + statements * roundTripMs;
    },
  };
}
