import { expect, onTestFinished, test } from 'vitest';
import { judgeHere } from '../../../src/backtest/judging/judge-here.ts';
import type { PastJudge, PastKey } from '../../../src/backtest/judging/past-judge.ts';
import { noHistory } from '../../../src/evaluate/history/history.ts';
import { ago, aKey, asOf, day, present } from '../../evaluate/world.ts';
import { eventually } from '../../support/eventually.ts';

// A thread runs a file as it is, so this tests what was bundled.
const built: string = '../../../build/test/thread-judges.js';
const { createThreadJudges } = (await import(
  built
)) as typeof import('../../../src/backtest/judging/thread-judges.ts');

const policyOf = (rules: string) => `version: other\nrules:\n${rules}`;
const stale = policyOf('  - { id: stale, type: stale, after: 45d, severity: high }');

function aPastKey(idleDays: number, scopes: readonly string[] = []): PastKey {
  const observation = present({ lastUsed: ago(idleDays * day), scopes });
  return { key: aKey(), observation, asOf, usageLagMs: 0, history: noHistory };
}

/** As dear as a policy may be: each rule takes milliseconds for a key with many scopes. */
const dear = policyOf(
  Array.from(
    { length: 200 },
    (_, at) =>
      `  - { id: dear-${at}, type: expression, when: 'key.scopes.all(a, key.scopes.all(b, a.contains(b) || b.contains(a) || a != b))', message: dear, severity: low }`,
  ).join('\n'),
);
const scopes = Array.from({ length: 150 }, (_, at) => `scope-${at}:read`);
const dearKeys = Array.from({ length: 100 }, () => aPastKey(1, scopes));

/** Judges without end, however fast the machine is. */
async function judgeForEver({ judge }: Pick<PastJudge, 'judge'>): Promise<never> {
  for (;;) {
    await judge(dearKeys);
  }
}

test('a thread judges as this process does', async () => {
  const keys = [aPastKey(44), aPastKey(46)];
  const here = await judgeHere(stale, null);
  const there = await createThreadJudges()(undefined)(stale, null);
  onTestFinished(() => there.close());
  const judged = await there.judge(keys);
  expect(judged.map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
  expect(judged).toEqual(await here.judge(keys));
  expect(there.policy).toEqual(here.policy);
});

test('a policy that is not valid is refused in the same words, with the places', async () => {
  const wrong = policyOf('  - { id: stale, type: stale, severity: high }');
  const { message, faults } = await judgeHere(wrong, null).catch((error) => error);
  expect(faults).toMatchObject([{ line: 3, column: 5, path: ['rules', 0, 'after'] }]);
  await expect(createThreadJudges()(undefined)(wrong, null)).rejects.toMatchObject({
    ...{ code: 'KEYSWEEP_INVALID_POLICY', message, faults },
  });
});

test('this process works on while a policy takes long', async () => {
  const judge = await createThreadJudges()(undefined)(dear, null);
  let turns = 0;
  const turning = setInterval(() => {
    turns += 1;
  }, 1);
  const end = judgeForEver(judge).catch(({ code }) => code);
  await eventually('the process turns', () => turns > 100);
  await judge.close();
  clearInterval(turning);
  expect(await end).toBe('KEYSWEEP_BACKTEST_ENDED');
});

test('a policy that takes too long is ended', async () => {
  const open = createThreadJudges()(2_000);
  // On a busy machine, the time may be over before the thread has read the policy.
  const ended = open(dear, null).then(judgeForEver);
  await expect(ended).rejects.toMatchObject({
    code: 'KEYSWEEP_BACKTEST_ENDED',
    message: 'the back-test was ended: it took longer than 2 s',
  });
});

test('two back-tests run at a time, and a third when one of them has ended', async () => {
  const open = createThreadJudges();
  const [first, second] = await Promise.all([
    open(undefined)(stale, null),
    open(undefined)(stale, null),
  ]);
  onTestFinished(() => second.close());
  await expect(open(undefined)(stale, null)).rejects.toThrow('2 back-tests run already');
  await first.close();
  await first.close();
  const third = await open(undefined)(stale, null);
  await expect(open(undefined)(stale, null)).rejects.toThrow('2 back-tests run already');
  await third.close();
});

test('a back-test that was ended for its time takes no place, though nobody has closed it', async () => {
  const open = createThreadJudges();
  await Promise.all(
    [open(2_000)(stale, null), open(2_000)(stale, null)].map((opened) =>
      opened.catch(() => undefined),
    ),
  );
  const third = await eventually('a third one runs', () => open(undefined)(stale, null));
  await third.close();
});

test('a thread that cannot start takes no place', async () => {
  const open = createThreadJudges();
  // The system may also have no thread left; what cannot be sent to one fails in the same place.
  const unsendable = Symbol('policy') as unknown as string;
  for (const _ of [1, 2, 3]) {
    await expect(open(undefined)(unsendable, null)).rejects.toMatchObject({
      code: 'KEYSWEEP_BACKTEST_ENDED',
      message: 'the back-test was ended: its thread cannot start (DataCloneError)',
    });
  }
  const judge = await open(undefined)(stale, null);
  await judge.close();
});
