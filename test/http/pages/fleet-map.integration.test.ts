import { expect, test } from 'vitest';
import { readOverview } from '../../../src/http/pages/overview/read-overview.ts';
import { describeStores } from '../../record/stores.ts';
import { aTrackedKey, inputs, run, sweep } from '../../record/world.ts';
import { shippedConfig } from './a-past.ts';

describeStores('the map of the fleet', (get) => {
  test('has a cell for each of up to 2,000 keys, and one for each group of more', async () => {
    const config = await shippedConfig();
    const keys = ['a', 'b'].map((id) => aTrackedKey(id, { owner: id }));
    await sweep(get(), inputs(keys));
    const track = (from: number, to: number) =>
      run(
        get(),
        `insert into keysweep.tracked_key (source, key_id, entry_id)
           select 'more', 'more-' || n, (select min(id) from keysweep.inventory_entry)
           from generate_series(${from}, ${to}) n`,
      );
    const cells = async () => {
      const { fleet } = await readOverview({ database: get(), config }, new Date(), 'owner');
      return fleet.parts.map(({ cells: own }) => own.length).sort((a, b) => a - b);
    };
    await track(3, 2_000);
    expect(await cells()).toEqual([1, 1_999]);
    await track(2_001, 2_001);
    expect(await cells()).toEqual([0, 0]);
  });
});
