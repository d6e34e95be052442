import { expect, test } from 'vitest';
import { anAlerting } from '../../alert/an-alerting.ts';
import { describeStores } from '../stores.ts';
import {
  aSource,
  bodies,
  claim,
  close,
  inputs,
  judgedSweep,
  open,
  recordJudged,
  run,
  type Saying,
  seenFindings,
  someKeys,
} from '../world.ts';
import { unreadable, wideRules, writes } from './wide-keys.ts';

const unknown: Saying = { unknown: true };

describeStores('findings that are only seen again', (get) => {
  /** The finding of a rule after each of these nights. */
  async function nights(source: string, rule: string, ...sayings: readonly Saying[]) {
    const using = inputs(someKeys(1, source), wideRules);
    const seen = [];
    for (const said of sayings) {
      await judgedSweep(get(), using, { key_0: said });
      seen.push(await only(source, rule));
    }
    return seen;
  }
  async function only(source: string, wanted: string) {
    const found = await seenFindings(get(), source);
    return found.find(({ rule }) => rule === wanted) ?? expect.fail(`no finding of ${wanted}`);
  }
  const later = (one: { last: Date } | undefined, other: { last: Date } | undefined) =>
    Number(one?.last) > Number(other?.last);

  test('keep their rows, and have the instant and the facts of the sweep that saw them last', async () => {
    const [first, second, third] = await nights(
      aSource(),
      'wide',
      writes('a'),
      writes('b'),
      writes('c'),
    );
    expect([second?.version, third?.version]).toEqual([first?.version, first?.version]);
    expect([later(second, first), later(third, second)]).toEqual([true, true]);
    expect([first?.facts, second?.facts, third?.facts]).toEqual([
      { forbidden: ['a:write'] },
      { forbidden: ['b:write'] },
      { forbidden: ['c:write'] },
    ]);
  });

  test('keep what was last seen of them while a sweep cannot say, and are seen again after it', async () => {
    const said = [writes('a'), writes('b'), unreadable, unreadable, writes('c')];
    const [, seen, unsaid, unsaidAgain, back] = await nights(aSource(), 'wide', ...said);
    expect(unsaid).toEqual({ ...seen, version: expect.anything() });
    expect(unsaidAgain).toEqual(unsaid);
    expect(later(back, seen)).toBe(true);
    expect(back?.facts).toEqual({ forbidden: ['c:write'] });
  });

  test('end with what was last seen of them', async () => {
    const [, seen, ended] = await nights(aSource(), 'wide', writes('a'), writes('b'), writes());
    const end = { state: 'resolved', resolution: 'fixed', version: expect.anything() };
    expect(ended).toEqual({ ...seen, ...end });
  });

  test('are in reminders as they were last seen', async () => {
    const source = aSource();
    const terms = anAlerting(['siem'], { remindAfterMs: 3_600_000 });
    const using = inputs(someKeys(1, source), wideRules);
    await nights(source, 'wide', writes('a'), writes('b'));
    await run(
      get(),
      `update keysweep.finding set told_at = told_at - interval '2 hours' where source = '${source}'`,
    );
    const opened = await open(get(), using);
    await recordJudged(get(), await claim(get(), opened), { key_0: writes('c') });
    const [told] = await bodies(get(), (await close(get(), opened.sweepId, terms)).alerts);
    expect(told?.data.reminders).toMatchObject([{ facts: { forbidden: ['c:write'] } }]);
  });

  test('follow the newest answer, also where its sweep opened before the one that saw them last', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source), wideRules);
    const night = await open(get(), using);
    const slow = await claim(get(), night);
    const [, seen] = await nights(source, 'wide', writes('a'), writes('b'));
    const at = new Date(Date.now() + 1_000);
    await recordJudged(get(), slow, { key_0: { ...writes('c'), at } });
    await close(get(), night.sweepId);
    const last = await only(source, 'wide');
    expect(last.facts).toEqual({ forbidden: ['c:write'] });
    expect(later(seen, last)).toBe(true);
  });

  test('follow the sweep that was recorded last, where none of them learns anything of the key', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source), wideRules);
    const night = await open(get(), using);
    await run(
      get(),
      `update keysweep.tracked_key set tracked_at = tracked_at - interval '2 days'
       where source = '${source}'`,
    );
    const slow = await claim(get(), night);
    const [, seen] = await nights(source, 'silent', unknown, unknown);
    await recordJudged(get(), slow, { key_0: unknown });
    await close(get(), night.sweepId);
    expect((await only(source, 'silent')).last).toEqual(slow.asOf);
    expect(later(seen, await only(source, 'silent'))).toBe(true);
  });

  test('of a key that cannot be audited keep their rows too, and those of its other findings', async () => {
    const source = aSource();
    const [, seen] = await nights(source, 'wide', writes('a'), writes('b'));
    const pass = (hours: number) =>
      run(
        get(),
        `update keysweep.tracked_key set known_at = known_at - interval '${hours} hours',
           tracked_at = tracked_at - interval '${hours} hours' where source = '${source}'`,
      );
    await pass(48);
    const [first] = await nights(source, 'silent', unknown);
    await pass(24);
    const [second] = await nights(source, 'silent', unknown);
    expect(second?.version).toBe(first?.version);
    expect(later(second, first)).toBe(true);
    expect([first?.facts, second?.facts]).toMatchObject([{ unknownDays: 2 }, { unknownDays: 3 }]);
    expect(await only(source, 'wide')).toEqual(seen);
  });
});
