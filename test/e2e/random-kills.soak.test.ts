import { afterEach, describe, onTestFailed, test } from 'vitest';
import {
  finish,
  type Nights,
  openNights,
  type Plan,
  randomOf,
  spendNights,
} from './changing-nights.ts';
import { killAtRandom } from './killed-nights.ts';
import { expectSame, expectTold, expectWholeSweeps, readLedger } from './ledger.ts';
import { expectProven } from './proven-nights.ts';
import { hasStack } from './world.ts';

/** To repeat a run: its seed. The moments of the kills then depend on the machine alone. */
const seed = Number(process.env['KEYSWEEP_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const plan: Plan = { keys: 2_000, changing: 0.02, seed };

const open: Nights[] = [];
afterEach(async () => {
  for (const nights of open.splice(0)) await nights.close();
});

describe.skipIf(!hasStack('redis'))('random kills during sweeps of 2,000 keys', () => {
  test.each([
    { stack: 'redis', kills: 200, workers: 2 },
    { stack: 'embedded', kills: 50, workers: 1 },
  ] as const)('$kills on the $stack stack lose and repeat nothing', async (terms) => {
    onTestFailed(() => console.log(`KEYSWEEP_SEED=${seed}`));
    const { stack, kills, workers } = terms;
    const nights = await openNights(stack, plan);
    open.push(nights);
    await killAtRandom(nights, { kills, workers, random: randomOf(seed + 1) });
    await finish(nights);
    const ledger = await readLedger(nights.world);
    console.log(`${stack}: ${kills} kills in ${nights.count} nights`);
    expectWholeSweeps(ledger);
    await expectProven(nights.world);
    expectTold(ledger, nights.journal.read(), kills + workers);

    const quiet = await openNights('redis', plan);
    open.push(quiet);
    await spendNights(quiet, nights.count);
    expectSame(ledger, await readLedger(quiet.world));
  });
});
