import { type Costs, usualCosts } from './costs.ts';

/** One vendor account: its keys, its limit, and how fast it answers. */
export interface SimulatedSource {
  readonly keys: number;
  /** Infinity: no limit. */
  readonly perSecond: number;
  readonly latencyMs: number;
}

/**
 * The order of the batches in the queue. `by source`: one source after another. `in turns`: a batch
 * of each source that has any left. `in proportion`: all sources end together, as sweeps are
 * opened. `a queue a source`: a place takes a batch of the source that has the fewest in work.
 */
export const batchOrders = ['by source', 'in turns', 'in proportion', 'a queue a source'] as const;
export type BatchOrder = (typeof batchOrders)[number];

/** Everything that the simulation of a sweep depends on. */
export interface Scenario {
  readonly sources: readonly SimulatedSource[];
  readonly order: BatchOrder;
  readonly workers: number;
  /** Batches that a worker works on at once. */
  readonly places: number;
  readonly batchKeys: number;
  /** Requests under way to each source, of each worker. */
  readonly concurrency: number;
  /** Connections of each worker to PostgreSQL. */
  readonly connections: number;
  readonly databaseCores: number;
  /** Databases that share the sources. */
  readonly databases: number;
  readonly roundTripMs: number;
  /** Of PostgreSQL's network and of each worker's. */
  readonly networkBytesPerMs: number;
  /** Of the disk that PostgreSQL writes its log to. */
  readonly diskBytesPerMs: number;
  readonly costs: Costs;
  /** Set: all processes and the vendor's too share so many cores, as in a bench on one machine. */
  readonly sharedCores?: number;
  readonly seed: number;
}

/** Three kinds of accounts, 20 in all; within a kind, limits and latencies differ by up to a quarter. */
const kinds = [
  { accounts: 4, keys: 1_500_000, perSecond: 400, latencyMs: 80 },
  { accounts: 6, keys: 500_000, perSecond: 200, latencyMs: 120 },
  { accounts: 10, keys: 100_000, perSecond: 50, latencyMs: 250 },
];

export const twentySources: readonly SimulatedSource[] = kinds.flatMap(
  ({ accounts, keys, perSecond, latencyMs }) =>
    Array.from({ length: accounts }, (_, n) => {
      const from = -0.25 + (0.5 * n) / (accounts - 1);
      return {
        keys,
        perSecond: Math.round(perSecond * (1 + from)),
        latencyMs: Math.round(latencyMs * (1 - from)),
      };
    }),
);

/** Ten million keys of 20 sources, 50 workers, a Redis Cluster and one PostgreSQL. */
export const tenMillion: Scenario = {
  sources: twentySources,
  order: 'in proportion',
  workers: 50,
  places: 3,
  batchKeys: 200,
  concurrency: 10,
  connections: 10,
  databaseCores: 16,
  databases: 1,
  roundTripMs: 0.5,
  // 10 Gbit/s, and 500 MB/s.
  networkBytesPerMs: 1_250_000,
  diskBytesPerMs: 500_000,
  costs: usualCosts,
  seed: 1,
};

/** Limits that are so many times as high. */
export const withLimits = (sources: readonly SimulatedSource[], times: number) =>
  sources.map((source) => ({ ...source, perSecond: source.perSecond * times }));

/** The same accounts with so many keys in all. */
export function scaleSources(sources: readonly SimulatedSource[], keys: number) {
  const all = sources.reduce((sum, source) => sum + source.keys, 0);
  return sources.map((source) => ({ ...source, keys: Math.round((source.keys * keys) / all) }));
}
