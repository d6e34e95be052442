import { expect, test } from 'vitest';
import { readKeyNights } from '../../../../src/record/reads/pages/read-key-nights.ts';
import { describeStores } from '../../stores.ts';
import { aTrackedKey, inputs, sweep } from '../../world.ts';

describeStores('the nights of a key', (get) => {
  test('come a part at a time, with the night before each part to compare it with', async () => {
    const keys = [aTrackedKey('k')];
    for (const breaks of [[], ['stale'], []]) {
      await sweep(get(), inputs(keys), { k: { breaks } });
    }
    const newest = await readKeyNights(get(), 1, 2, null);
    expect(newest.nights.map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
    expect(newest.earlier?.verdict).toBe('pass');
    const oldest = await readKeyNights(get(), 1, 2, newest.before);
    expect(oldest.nights.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect([oldest.earlier, oldest.before]).toEqual([undefined, null]);
  });
});
