import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { finish, type Nights, openNights, type Plan, spendNights } from './changing-nights.ts';
import { killAtEach } from './killed-nights.ts';
import { expectSame, expectTold, expectWholeSweeps, readLedger } from './ledger.ts';
import { expectProven } from './proven-nights.ts';
import { hasStack } from './world.ts';

const built = fileURLToPath(new URL('../../dist/src/', import.meta.url));
const plan: Plan = { keys: 20, changing: 0.3, seed: 4711 };
const stack = hasStack('redis') ? 'redis' : 'embedded';

/** Between what the database has and what the queue or a receiver has. The soak test has them all. */
const places = [
  'commit:openTickSweep:after',
  'commit:recordAll:before',
  'enqueue:close-sweep:before',
  'commit:closeSweep:after',
  'send:slack:after',
];

const open: Nights[] = [];
afterEach(async () => {
  for (const nights of open.splice(0)) await nights.close();
});

test('the released program has no places at which it can be told to die', () => {
  const files = readdirSync(built).filter((name) => name.endsWith('.js'));
  expect(files.length).toBeGreaterThan(0);
  const armed = files.filter((name) =>
    readFileSync(`${built}${name}`, 'utf8').includes('FAILPOINT'),
  );
  expect(armed).toEqual([]);
});

test('a process that dies between two of its writes loses and repeats nothing', {
  tags: ['all'],
}, async () => {
  const nights = await openNights(stack, plan);
  open.push(nights);
  nights.begin();
  expect(await killAtEach(nights, places)).toEqual([]);
  await finish(nights);
  const ledger = await readLedger(nights.world);
  expectWholeSweeps(ledger);
  await expectProven(nights.world);
  expectTold(ledger, nights.journal.read(), places.length);

  const quiet = await openNights(stack, plan);
  open.push(quiet);
  await spendNights(quiet, nights.count);
  expectSame(ledger, await readLedger(quiet.world));
});
