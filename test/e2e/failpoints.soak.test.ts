import { afterEach, describe, expect, test } from 'vitest';
import { finish, type Nights, openNights, type Plan, spendNights } from './changing-nights.ts';
import { killAtEach, noting, passedPlaces } from './killed-nights.ts';
import { expectSame, expectTold, expectWholeSweeps, readLedger } from './ledger.ts';
import { expectProven } from './proven-nights.ts';
import { hasStack, type Stack } from './world.ts';

/** Two batches of keys. */
const plan: Plan = { keys: 250, changing: 0.1, seed: 4711 };

/** A lease is renewed only while a batch takes long: not in every night. */
const onlyWhenSlow = /^commit:renewLease:/;

const open: Nights[] = [];
afterEach(async () => {
  for (const nights of open.splice(0)) await nights.close();
});

const stacks: readonly Stack[] = ['redis', 'embedded'];

describe.each(stacks)('on the %s stack', (stack) => {
  test.skipIf(!hasStack(stack))(
    'a process that dies before or after any commit, enqueue or send loses and repeats nothing',
    async () => {
      const nights = await openNights(stack, plan);
      open.push(nights);
      await spendNights(nights, 2, noting(nights));
      const ordinary = passedPlaces(nights).filter((place) => !onlyWhenSlow.test(place));
      expect(await killAtEach(nights, ordinary)).toEqual([]);
      // What a process passes that continues for a dead one, or that is slow.
      const more = passedPlaces(nights).filter((place) => !ordinary.includes(place));
      const missed = await killAtEach(nights, more);
      await finish(nights);
      const ledger = await readLedger(nights.world);
      const deaths = ordinary.length + more.length - missed.length;
      console.log(`${stack}: ${deaths} deaths in ${nights.count} nights; missed: ${missed.join()}`);
      expectWholeSweeps(ledger);
      await expectProven(nights.world);
      expectTold(ledger, nights.journal.read(), deaths);

      const quiet = await openNights(hasStack('redis') ? 'redis' : stack, plan);
      open.push(quiet);
      await spendNights(quiet, nights.count);
      expectSame(ledger, await readLedger(quiet.world));
    },
  );
});
