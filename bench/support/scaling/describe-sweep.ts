import { rounded } from '../render-lines.ts';
import { stationNames } from './open-stations.ts';
import type { SimulatedSweep } from './simulate-sweep.ts';

export const minutesOf = ({ totalMs }: Pick<SimulatedSweep, 'totalMs'>) => totalMs / 60_000;

/** What was busiest. */
export function describeUse({ use }: SimulatedSweep, most = 3): string {
  const busiest = stationNames.toSorted((one, other) => use[other] - use[one]).slice(0, most);
  return busiest.map((name) => `${name} ${percent(use[name])}`).join('; ');
}

export const percent = (share: number) => `${rounded(Math.round(share * 1_000) / 10)} %`;
