import type { Found, Say } from '../define-bench.ts';
import { rounded } from '../render-lines.ts';
import { type CostName, costs } from './costs.ts';
import { describeUse, minutesOf } from './describe-sweep.ts';
import { type Scenario, withLimits } from './scenario.ts';
import { simulateSweep } from './simulate-sweep.ts';

/** Costs that no simulated sweep contains. */
const others: readonly CostName[] = [
  'permitsCall',
  'vendorKey',
  'nightKeyBytes',
  'packKeyBytes',
  'deleteRow',
];
const change = 0.3;
/** Less is drawn by chance. */
const leastPercent = 1;

/** How the minutes of a sweep change if one cost is 30 % lower or higher. */
export function reportCosts(scenario: Scenario, say: Say): readonly Found[] {
  const limited: Scenario = { ...scenario, order: 'a queue a source' };
  // So that processors, disk and network decide: not limits, latencies or places.
  const sources = withLimits(limited.sources, 100);
  const free: Scenario = {
    ...{ ...limited, sources },
    concurrency: 10 * limited.concurrency,
    places: 4 * limited.places,
  };
  return [
    ...changes('limits as they are', limited, say),
    ...changes('nothing in the way', free, say),
  ];
}

function changes(where: string, scenario: Scenario, say: Say): readonly Found[] {
  say(`simulating costs, ${where}`);
  const base = simulateSweep(scenario);
  const names = (Object.keys(costs) as CostName[]).filter((name) => !others.includes(name));
  const tried = names.map((name) => {
    const times = (factor: number) => {
      const changed = { ...scenario.costs, [name]: scenario.costs[name] * factor };
      return simulateSweep({ ...scenario, costs: changed });
    };
    const [less, more] = [times(1 - change), times(1 + change)];
    const percent = (sweep: typeof base) => (sweep.totalMs / base.totalMs - 1) * 100;
    return { name, more: percent(more), less: percent(less), use: describeUse(more, 1) };
  });
  const isFelt = ({ more, less }: (typeof tried)[number]) =>
    Math.max(Math.abs(more), Math.abs(less)) >= leastPercent;
  const figures = tried.filter(isFelt).map(
    ({ name, more, less, use }): Found => ({
      ...{ name: `${where}: ${name} + 30 %`, unit: '% longer', value: more },
      beside: `- 30 %: ${rounded(less)} %; busiest with more: ${use}`,
    }),
  );
  const unfelt = tried.filter((one) => !isFelt(one));
  return [
    {
      ...{ name: `${where}: all costs as they are`, unit: 'min', value: minutesOf(base) },
      beside: describeUse(base, 5),
    },
    ...figures,
    {
      ...{ name: `${where}: costs that change it by less than 1 %`, unit: '' },
      ...{ value: unfelt.length, beside: unfelt.map(({ name }) => name).join(', ') },
    },
  ];
}
