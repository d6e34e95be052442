import type { Found } from '../define-bench.ts';
import { rounded } from '../render-lines.ts';
import { percent } from './describe-sweep.ts';
import type { BatchOrder, Scenario } from './scenario.ts';
import { type PermitsUse, simulatePermits } from './simulate-permits.ts';
import { simulateSweep } from './simulate-sweep.ts';

const lengthMs = 2_000;

/** What the rate limits ask of Redis. Added up afterwards: it does not slow the simulated sweep. */
export async function reportPermits(scenario: Scenario): Promise<readonly Found[]> {
  const { roundTripMs, workers } = scenario;
  const ask = (perSecond: number, asking: number) => {
    const plan = { perSecond, workers: asking, waiting: scenario.batchKeys };
    return simulatePermits({ ...plan, roundTripMs, lengthMs });
  };
  const found: Found[] = [];
  for (const perSecond of [50, 200, 1_000]) {
    for (const asking of new Set([1, 5, workers]))
      found.push(askedFigure(perSecond, asking, await ask(perSecond, asking)));
  }
  for (const order of ['by source', 'a queue a source'] as const)
    found.push(await loadFigure({ ...scenario, order }, order, ask));
  return found;
}

function askedFigure(perSecond: number, asking: number, use: PermitsUse): Found {
  return {
    name: `permits: calls a key, limit ${perSecond}/s, ${asking} workers at once`,
    ...{ unit: '', value: use.asksPerSecond / use.keysPerSecond },
    beside: `${rounded(use.asksPerSecond)} calls/s; ${percent(use.keysPerSecond / perSecond)} of the limit used`,
  };
}

async function loadFigure(
  scenario: Scenario,
  order: BatchOrder,
  ask: (perSecond: number, asking: number) => Promise<PermitsUse>,
): Promise<Found> {
  const { workersASource, askedShare, use } = simulateSweep(scenario);
  let calls = 0;
  for (const [source, { perSecond }] of scenario.sources.entries()) {
    const asking = Math.max(1, Math.round(workersASource[source] ?? 1));
    calls += (await ask(perSecond, asking)).asksPerSecond * (askedShare[source] ?? 0);
  }
  const permits = (calls * scenario.costs.permitsCall) / 1e6;
  return {
    ...{ name: `Redis: use of the one node, ${order}`, unit: '%' },
    value: (permits + use['Redis, queue']) * 100,
    beside: `permits ${percent(permits)} (${rounded(calls)} calls/s), queue ${percent(use['Redis, queue'])}`,
  };
}
