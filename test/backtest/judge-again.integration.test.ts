import { expect, test } from 'vitest';
import { type Night, readKept, runNight, type Said } from '../record/nights.ts';
import { openStore } from '../record/stores.ts';
import { day, drawNights, judgeUnder, keys, live, policies } from './random-nights.ts';

test.each([1, 2, 100, 159])(
  'says of a kept sweep what a sweep of that instant would have said (%i)',
  async (seed) => {
    const nights = drawNights(seed);
    const [was = '', would = ''] = [policies[seed % 3], policies[(seed + 1) % 3]];
    const [one, other] = [await openStore(), await openStore()];
    try {
      for (const { database } of [one, other]) await live(database, nights.slice(0, 6), seed);
      const { named: _, ...full } = nights[6] as Night;
      const last = { ...full, opened: new Date() };
      const kept = await runNight(one.database, { ...last, rules: was });
      const real = await runNight(other.database, { ...last, rules: would });
      const expected = await readKept(other.database, real);
      expect(await judgeUnder(one.database, kept, would)).toEqual(expected);

      // And when it is not the newest any more.
      await live(one.database, [{ ...(nights[7] as Night), opened: new Date() }], seed);
      expect(await judgeUnder(one.database, kept, would)).toEqual(expected);
    } finally {
      await one.close();
      await other.close();
    }
  },
);

/** Nights of one key, one after the other; the last one's rules judge it again. */
async function judgeLast(nights: readonly (readonly [rules: string, said: Said])[]) {
  const { database, close } = await openStore();
  try {
    let kept = '';
    for (const [n, [rules, said]] of nights.entries()) {
      const opened = new Date(Date.now() - (nights.length - n) * day);
      const about = { keys: keys.slice(1, 2), opened, said: new Map([['key_1', said]]) };
      kept = await runNight(database, { ...about, rules });
    }
    const rules = nights.at(-1)?.[0] ?? '';
    const again = await judgeUnder(database, kept, rules, 0);
    return { again: again.get('key_1'), kept: (await readKept(database, kept)).get('key_1') };
  } finally {
    await close();
  }
}

const waking =
  '\n  - { id: woke, type: reawakened, dormant: 30d, severity: high, match: { type: [secret] } }';
const longIdle = { lastUsed: new Date(Date.now() - 60 * day) };

test('an event stays open over a night on which its rule could not be judged', async () => {
  const { again, kept } = await judgeLast([
    [waking, longIdle],
    [waking, {}],
    [waking, { type: undefined }],
    [waking, {}],
  ]);
  expect(kept?.violations).toMatchObject([{ rule: 'woke' }]);
  expect(again).toEqual(kept);
});

test('an event ends with its rule, and does not come back with it', async () => {
  const { again, kept } = await judgeLast([
    [waking, longIdle],
    [waking, {}],
    ['\n  - { id: names, type: naming, pattern: "*", severity: low }', { name: undefined }],
    [waking, {}],
  ]);
  expect(kept?.violations).toEqual([]);
  expect(again).toEqual(kept);
});

test('a waiver that covered a key later, when it had changed, is not void before', async () => {
  const rules = `
  - { id: scopes, type: over-scoped, allow: [], severity: high }
waivers:
  - { id: W-9, rule: scopes, keys: [{ source: prod, keyId: key_1 }], reason: a test, requestedBy: ann, approvedBy: bob, expires: 2099-01-01 }`;
  const { database, close } = await openStore();
  try {
    const about = { keys: keys.slice(1, 2), opened: new Date() };
    const night = (of: string, scopes: readonly string[]) =>
      runNight(database, { ...about, rules: of, said: new Map([['key_1', { scopes }]]) });
    const first = await night(waking, ['a:read']);
    await night(rules, ['b:read']);
    const judged = await judgeUnder(database, first, rules, 0);
    expect(judged.get('key_1')?.violations).toMatchObject([{ rule: 'scopes', waiver: 'W-9' }]);
  } finally {
    await close();
  }
});
