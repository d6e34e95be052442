import type { Found } from '../define-bench.ts';
import type { Costs } from './costs.ts';

const nightsAMonth = 30;
const keysPerPack = 200;
const gb = 1e9;

/** What a month of evidence weighs, and what pruning it costs, as rows and as packs of batches. */
export function reportPacks(keys: number, costs: Costs): readonly Found[] {
  const rows = keys * nightsAMonth;
  const packs = rows / keysPerPack;
  const minutes = (count: number) => (count * costs.deleteRow) / 60e6;
  return [
    { name: 'a month as rows', unit: 'GB', value: (rows * costs.nightKeyBytes) / gb },
    { name: 'a month as packs', unit: 'GB', value: (rows * costs.packKeyBytes) / gb },
    {
      ...{ name: 'pruning a month of rows', unit: 'min', value: minutes(rows) },
      beside: `processor time of PostgreSQL; ${rows} rows`,
    },
    {
      ...{ name: 'pruning a month of packs', unit: 'min', value: minutes(packs) },
      beside: `${packs} packs of ${keysPerPack} keys; a partition of the month is dropped as one file`,
    },
  ];
}
