import { expect, test } from 'vitest';
import { openStore } from '../record/stores.ts';
import { drawNights, judgeEach, judgeUnder, live, policies } from './random-nights.ts';

test.each([3, 42, 77])(
  'says of each of many sweeps what it says of that sweep alone (%i)',
  async (seed) => {
    const { database, close } = await openStore();
    try {
      const ids = await live(database, drawNights(seed), seed);
      for (const rules of policies) {
        const together = await judgeEach(database, { kind: 'since', ms: 30 * 86_400_000 }, rules);
        expect(together.size).toBeGreaterThan(2);
        for (const id of ids.filter((one) => together.has(one))) {
          expect(together.get(id)).toEqual(await judgeUnder(database, id, rules));
        }
      }
    } finally {
      await close();
    }
  },
);
