import type { Found, Say } from '../define-bench.ts';
import { describeUse, minutesOf } from './describe-sweep.ts';
import { relieveInTurn } from './relieve.ts';
import { batchOrders, type Scenario } from './scenario.ts';
import { simulateSweep } from './simulate-sweep.ts';

/** Longer ladders leave what anybody would set. */
const mostSteps = 6;

/** The minutes of a sweep by the order of its batches, by what is relieved in turn, and by settings. */
export function reportSettings(scenario: Scenario, say: Say): readonly Found[] {
  const best: Scenario = { ...scenario, order: 'a queue a source' };
  say('simulating orders of batches');
  const orders = batchOrders.map((order) => sweepFigure(`order: ${order}`, { ...scenario, order }));
  say('simulating what saturates');
  const steps = relieveInTurn(scenario, mostSteps).map(({ name, sweep }, step) => ({
    ...{ name: `relieved ${step + 1}: ${name}`, unit: 'min', value: minutesOf(sweep) },
    beside: describeUse(sweep),
  }));
  say('simulating settings');
  return [
    ...orders,
    ...parts(best),
    ...steps,
    ...[5, 10, 20, 50, 100].map((workers) =>
      sweepFigure(`workers: ${workers}`, { ...best, workers }),
    ),
    ...[1, 3, 6].map((places) => sweepFigure(`places of a worker: ${places}`, { ...best, places })),
    ...[2, 5, 10, 20, 50].map((concurrency) =>
      sweepFigure(`concurrency: ${concurrency}`, { ...best, concurrency }),
    ),
    ...[50, 100, 200, 500, 1_000].map((batchKeys) =>
      sweepFigure(`keys of a batch: ${batchKeys}`, { ...best, batchKeys }),
    ),
    ...[1, 2, 4].map((databases) =>
      sweepFigure(`databases that share the sources: ${databases}`, { ...best, databases }),
    ),
  ];
}

function sweepFigure(name: string, scenario: Scenario): Found {
  const sweep = simulateSweep(scenario);
  return { name, unit: 'min', value: minutesOf(sweep), beside: describeUse(sweep) };
}

/** Of the sweep with a queue for each source. */
function parts(scenario: Scenario): readonly Found[] {
  const sweep = simulateSweep(scenario);
  const { openingMs, closingMs, connectionsInUse, batchMs, runMs, placesHeld } = sweep;
  const keys = scenario.sources.reduce((sum, source) => sum + source.keys, 0);
  const beside = 'a queue a source';
  return [
    { name: 'opening', unit: 'min', value: openingMs / 60_000, beside },
    { name: 'closing', unit: 'min', value: closingMs / 60_000, beside },
    { name: 'keys a second', unit: '', value: (keys * 1_000) / runMs, beside },
    { name: 'places that hold a batch', unit: '%', value: placesHeld * 100, beside },
    { name: 'a batch, median', unit: 's', value: batchMs / 1_000, beside },
    {
      ...{ name: 'connections in use, 99th percentile', unit: '', value: connectionsInUse },
      beside: `${scenario.workers} workers may open ${scenario.workers * scenario.connections}`,
    },
  ];
}
