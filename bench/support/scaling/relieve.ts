import { type Scenario, withLimits } from './scenario.ts';
import { type SimulatedSweep, simulateSweep } from './simulate-sweep.ts';

/** One thing that may be what a sweep waits for, and the same scenario with twice as much of it. */
interface Relief {
  readonly name: string;
  relieve(scenario: Scenario): Scenario;
}

const cheaper = (scenario: Scenario, costs: Partial<Scenario['costs']>): Scenario => ({
  ...scenario,
  costs: { ...scenario.costs, ...costs },
});

export const reliefs: readonly Relief[] = [
  { name: 'a queue a source', relieve: (s) => ({ ...s, order: 'a queue a source' }) },
  { name: 'limits twice as high', relieve: (s) => ({ ...s, sources: withLimits(s.sources, 2) }) },
  { name: 'twice the concurrency', relieve: (s) => ({ ...s, concurrency: 2 * s.concurrency }) },
  { name: 'twice the workers', relieve: (s) => ({ ...s, workers: 2 * s.workers }) },
  { name: 'twice the places of a worker', relieve: (s) => ({ ...s, places: 2 * s.places }) },
  { name: 'batches of half the keys', relieve: (s) => ({ ...s, batchKeys: s.batchKeys / 2 }) },
  { name: 'batches of twice the keys', relieve: (s) => ({ ...s, batchKeys: 2 * s.batchKeys }) },
  {
    name: 'twice the processors of PostgreSQL',
    relieve: (s) => ({ ...s, databaseCores: 2 * s.databaseCores }),
  },
  { name: 'a commit in half the time', relieve: (s) => cheaper(s, { commit: s.costs.commit / 2 }) },
  { name: 'half the round trip', relieve: (s) => ({ ...s, roundTripMs: s.roundTripMs / 2 }) },
  {
    name: 'twice the network',
    relieve: (s) => ({ ...s, networkBytesPerMs: 2 * s.networkBytesPerMs }),
  },
  {
    name: 'half the work of Redis',
    relieve: (s) => cheaper(s, { redisBatch: s.costs.redisBatch / 2 }),
  },
  {
    name: 'half the time of opening and closing',
    relieve: (s) => cheaper(s, { openKey: s.costs.openKey / 2, closeKey: s.costs.closeKey / 2 }),
  },
];

export interface Step {
  readonly name: string;
  readonly scenario: Scenario;
  readonly sweep: SimulatedSweep;
}

/** A gain of less is not worth a step. */
const leastGain = 0.1;

/**
 * What saturates first, second and so on: in each step, all reliefs are tried, and the one that
 * shortens the sweep most stays.
 */
export function relieveInTurn(from: Scenario, mostSteps: number): readonly Step[] {
  const steps: Step[] = [];
  let [scenario, totalMs] = [from, simulateSweep(from).totalMs];
  while (steps.length < mostSteps) {
    const tried = reliefs
      .map(({ name, relieve }) => ({ name, scenario: relieve(scenario) }))
      .map((step) => ({ ...step, sweep: simulateSweep(step.scenario) }));
    const best = tried.reduce((a, b) => (b.sweep.totalMs < a.sweep.totalMs ? b : a));
    if (best.sweep.totalMs > (1 - leastGain) * totalMs) return steps;
    steps.push(best);
    [scenario, totalMs] = [best.scenario, best.sweep.totalMs];
  }
  return steps;
}
