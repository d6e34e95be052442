// A simulation, not a measurement: ten million keys of 20 sources, 50 workers, one PostgreSQL and a
// Redis Cluster. No server runs. What a batch and a key cost is a table (`support/scaling/costs.ts`);
// `--check` compares the simulation with two sweeps that were measured. docs/scaling.md explains it.
import { within } from '../support/aim.ts';
import { defineBench, type Found } from '../support/define-bench.ts';
import { count, flag } from '../support/option.ts';
import { rounded } from '../support/render-lines.ts';
import { costChoice, costsWith, describeCosts } from '../support/scaling/cost-option.ts';
import {
  lastMeasured,
  type MeasuredPoint,
  measuredPoints,
} from '../support/scaling/measured-points.ts';
import { reportAuto } from '../support/scaling/report-auto.ts';
import { reportCosts } from '../support/scaling/report-costs.ts';
import { reportPacks } from '../support/scaling/report-packs.ts';
import { reportPermits } from '../support/scaling/report-permits.ts';
import { reportSettings } from '../support/scaling/report-settings.ts';
import { scaleSources, tenMillion } from '../support/scaling/scenario.ts';
import { simulateSweep } from '../support/scaling/simulate-sweep.ts';

const pointName = ({ name }: MeasuredPoint) => `check: ${name}`;

export const bench = defineBench({
  name: 'scaling',
  about: 'SIMULATED: ten million keys, 20 sources, 50 workers; what saturates, what to set',
  options: {
    keys: count(10_000_000, 'keys of the 20 sources'),
    workers: count(50, 'worker processes'),
    seed: count(1, 'of what is drawn at random'),
    cost: costChoice('replaces costs of the table: NAME=VALUE,NAME=VALUE'),
    check: flag('compare the simulation with two measured sweeps, and do nothing else'),
    engine: count(lastMeasured.engine, 'measured keys/s of `engine`, for --check'),
    after20: count(lastMeasured.after20, 'measured keys/s of `latency --latency 20`, for --check'),
  },
  aims: ({ check, engine, after20 }) =>
    check
      ? Object.fromEntries(
          measuredPoints(engine, after20).map((point) => [pointName(point), within(0.8, 1.25)]),
        )
      : {},
  async run({ keys, workers, seed, cost: replaced, check, engine, after20 }, say) {
    const cost = costsWith(replaced);
    describeCosts(cost).forEach(say);
    if (check) return measuredPoints(engine, after20).map((point) => checkPoint(point, cost));
    const sources = scaleSources(tenMillion.sources, keys);
    const scenario = { ...tenMillion, sources, workers, seed, costs: cost };
    return [
      ...reportSettings(scenario, say),
      ...(await reportPermits(scenario)),
      ...reportPacks(keys, cost),
      ...reportAuto(seed),
      ...reportCosts(scenario, say),
    ];
  },
});

function checkPoint(point: MeasuredPoint, costs: typeof tenMillion.costs): Found {
  const { keysPerSecond, scenario, source } = point;
  const keys = scenario.sources.reduce((sum, one) => sum + one.keys, 0);
  const simulated = (keys * 1_000) / simulateSweep({ ...scenario, costs }).totalMs;
  const difference = rounded((simulated / keysPerSecond - 1) * 100);
  return {
    ...{ name: pointName(point), unit: 'times', value: simulated / keysPerSecond },
    beside: `measured ${keysPerSecond} keys/s, simulated ${rounded(simulated)} (${difference} %): ${source}`,
  };
}
