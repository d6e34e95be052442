import { createAskingCount } from './asking-count.ts';
import { createBatchWork } from './batch-work.ts';
import { createEvents } from './events.ts';
import { openStations, type StationName } from './open-stations.ts';
import { orderBatches } from './order-batches.ts';
import { percentile } from './percentile.ts';
import type { Scenario } from './scenario.ts';

export interface SimulatedSweep {
  readonly openingMs: number;
  /** From the first batch to the end of the last. */
  readonly runMs: number;
  readonly closingMs: number;
  readonly totalMs: number;
  /**
   * The share of its time in which the busiest of each kind had work: the limit of a source while
   * that source was asked, its slots while their worker asked it, all else in the whole run.
   */
  readonly use: Readonly<Record<StationName, number>>;
  /** The share of the workers' places that held a batch. */
  readonly placesHeld: number;
  /** Of all workers together: the 99th percentile over the instants at which one was taken. */
  readonly connectionsInUse: number;
  /** From its taking to its end: the median batch. */
  readonly batchMs: number;
  /** How many workers ask a source at once, on average while it is asked; by source. */
  readonly workersASource: readonly number[];
  /** In which share of the run a source was asked; by source. */
  readonly askedShare: readonly number[];
}

/** The part of the database's work for a batch that is its claim: assumed, not measured. */
const claimShare = 0.2;
const us = (count: number) => count / 1_000;

/**
 * Simulates the batches of one sweep as events. A batch holds a place of its worker from its taking
 * to its end. Its requests are not simulated one by one: they end when the source's limit, the slots
 * of that worker for that source, and the worker's thread of sources have each done their part of
 * the work, plus the wait for the last answer.
 */
export function simulateSweep(scenario: Scenario): SimulatedSweep {
  const { sources, workers, places, batchKeys, costs, roundTripMs } = scenario;
  const events = createEvents();
  const take = orderBatches(sources, batchKeys, scenario.order);
  const stations = openStations(scenario);
  const { ask, database } = createBatchWork(scenario, stations, events);
  const inWork = sources.map(() => 0);
  const asking = sources.map(() => createAskingCount());
  const batchMs: number[] = [];
  const held: number[] = [];
  let [connections, lastEnd, heldPlacesMs] = [0, 0, 0];

  const hold = () => {
    connections += 1;
    held.push(connections);
  };
  const release = () => {
    connections -= 1;
  };
  const runPlace = (worker: number) => {
    const own = stations.ofWorker(worker);
    const batch = take(inWork);
    if (batch === undefined) return;
    const taken = events.now();
    const { source, keys } = batch;
    inWork[source] = (inWork[source] ?? 0) + 1;

    const claim = () => {
      hold();
      const claimUs = claimShare * (costs.databaseBatch + keys * costs.databaseKey);
      const end = database(batch, costs.claimKeyBytes, claimUs, costs.claimStatements);
      own.connections.serve(events.now(), end - events.now());
      events.at(end, () => {
        release();
        asking[source]?.begin(worker, events.now());
        events.at(ask(batch, worker), judge);
      });
    };
    const judge = () => {
      asking[source]?.end(worker, events.now());
      const workUs = costs.workBatch + keys * costs.workKey;
      events.at(own.main.serve(events.now(), us(workUs)).end, record);
    };
    const record = () => {
      hold();
      const from = events.now();
      const recordUs = (1 - claimShare) * (costs.databaseBatch + keys * costs.databaseKey);
      const statements = costs.recordStatements - 1;
      const end = database(batch, costs.recordKeyBytes, recordUs, statements);
      events.at(end, () => commit(from));
    };
    /** From its last statement to its commit, a batch holds the row of the sweep, which counts batches. */
    const commit = (from: number) => {
      const db = stations.database(source);
      const logged = db.disk.serve(
        events.now(),
        (keys * costs.logKeyBytes) / scenario.diskBytesPerMs,
      );
      const end = db.row.serve(logged.end, roundTripMs + costs.commit).end;
      own.connections.serve(from, end - from);
      events.at(end, () => {
        release();
        inWork[source] = (inWork[source] ?? 0) - 1;
        const done = events.now() - taken;
        batchMs.push(done);
        lastEnd = Math.max(lastEnd, events.now());
        heldPlacesMs += done;
        runPlace(worker);
      });
    };

    const queued = stations.redis.serve(taken, us(costs.redisBatch)).end;
    events.at(queued + costs.queueCalls * roundTripMs, claim);
  };

  for (let place = 0; place < places; place += 1)
    for (let worker = 0; worker < workers; worker += 1) events.at(0, () => runPlace(worker));
  while (events.next());

  const keys = sources.reduce((sum, source) => sum + source.keys, 0);
  const openingMs = us((keys * costs.openKey) / scenario.databases);
  const closingMs = us((keys * costs.closeKey) / scenario.databases);
  return {
    ...{ openingMs, runMs: lastEnd, closingMs, totalMs: openingMs + lastEnd + closingMs },
    use: stations.use(
      lastEnd,
      asking.map((count) => ({ askedMs: count.askedMs(), workersMs: count.workersMs() })),
    ),
    placesHeld: heldPlacesMs / (workers * places * lastEnd),
    connectionsInUse: percentile(held, 0.99),
    batchMs: percentile(batchMs, 0.5),
    workersASource: asking.map((count) => count.mean()),
    askedShare: asking.map((count) => count.askedMs() / lastEnd),
  };
}
