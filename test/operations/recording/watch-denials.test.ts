import { expect, test } from 'vitest';
import { watchDenials } from '../../../src/operations/recording/watch-denials.ts';
import type { CountedDenial } from '../../../src/record/audit-log/count-denials.ts';

const hour = 3_600_000;

const denied = (origin: string) => ({
  who: null,
  role: null,
  what: 'sign-in',
  origin,
  reason: 'wrong token',
});

function open(now: () => number = () => 0) {
  const written: CountedDenial[][] = [];
  let fails = false;
  const watch = watchDenials(async (denials) => {
    if (fails) throw new Error('away');
    written.push([...denials]);
  }, now);
  const fail = (on: boolean) => {
    fails = on;
  };
  return { watch, written, fail };
}

test('a thousand denials of one kind are one count', async () => {
  const { watch, written } = open();
  for (let time = 0; time < 1_000; time += 1) watch.note(denied('192.0.2.1'));
  watch.note(denied('192.0.2.2'));
  await watch.close();
  expect(written).toEqual([
    [
      { ...denied('192.0.2.1'), times: 1_000 },
      { ...denied('192.0.2.2'), times: 1 },
    ],
  ]);
});

test('200 kinds are counted by themselves in an hour, the others together', async () => {
  let now = 0;
  const { watch, written } = open(() => now);
  for (let at = 0; at < 10_000; at += 1) watch.note(denied(`address ${at}`));
  watch.note(denied('address 5'));
  await watch.flush();
  expect(written[0]).toHaveLength(201);
  expect(written[0]?.[5]).toMatchObject({ origin: 'address 5', times: 2 });
  expect(written[0]?.at(-1)).toMatchObject({ origin: 'others', who: null, times: 9_800 });
  watch.note(denied('new'));
  now = hour;
  watch.note(denied('newer'));
  await watch.close();
  expect(written[1]?.map(({ origin }) => origin)).toEqual(['others', 'newer']);
});

test('counts that cannot be written now are written later', async () => {
  const { watch, written, fail } = open();
  fail(true);
  watch.note(denied('a'));
  await watch.flush();
  watch.note(denied('a'));
  fail(false);
  await watch.close();
  expect(written).toEqual([[{ ...denied('a'), times: 2 }]]);
});
