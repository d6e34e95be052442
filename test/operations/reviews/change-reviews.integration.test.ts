import { expect, test } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import { type Caller, localCaller, type Proof } from '../../../src/operations/caller.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import { createDecideByLink } from '../../../src/operations/reviews/decide-by-link.ts';
import { readLink } from '../../../src/record/reads/reviews/read-link.ts';
import { aReview, listed, someTerms } from '../../record/reviews/a-review.ts';
import { describeStores } from '../../record/stores.ts';
import { all, aSource, aTrackedKey, inputs, sweep } from '../../record/world.ts';

const token: Proof = { known: 'token' };
const viewer = (name: string): Caller => ({
  name,
  role: 'viewer',
  from: '192.0.2.7',
  proof: token,
});
const operator = (name: string): Caller => ({ ...viewer(name), role: 'operator' });

describeStores('operations on reviews', (get) => {
  async function world(approvals?: 'signed-in', moved: readonly string[] = []) {
    const source = aSource();
    const keys = ['ann', 'bob'].map((owner) => aTrackedKey(`key_${owner}`, { source, owner }));
    await sweep(get(), inputs(keys));
    const { owners, alerting } = someTerms('ann', 'bob');
    const woken: string[] = [];
    const config = {
      ...{ inventory: keepKeys(keys), reviews: [aReview({ of: { source: [source] } })] },
      ...{ owners, approvals, heartbeats: new Map(), emptyInventoryFiles: [], evidence: {} },
      alerts: { channels: [{ id: 'mail', type: 'email' }], routes: [] },
      ...{ http: { publicUrl: alerting.publicUrl }, reviewLinks: true },
    } as unknown as Config;
    const wake = {
      request: async () => undefined,
      alerts: async (alerts: readonly { channel: string }[]) =>
        void woken.push(...alerts.map(({ channel }) => channel)),
    };
    const as = createLocalOperations(get(), () => config, wake);
    const { review: id } = await as(operator('olga')).startReview({ review: 'quarterly' });
    const [found] = await all<{ id: number }>(
      get(),
      `select id from keysweep.review where uuid = '${id}'`,
    );
    const row = found?.id ?? 0;
    const decisions = (owner: string) => [
      { source, keyId: `key_${owner}`, decision: 'keep' as const, reason: 'in use' },
    ];
    const linkOf = async (owner: string) => {
      const [link] = await all<{ id: string }>(
        get(),
        `select id from keysweep.review_link where review_id = ${row} and name = '${owner}'`,
      );
      return readLink(get(), link?.id ?? '');
    };
    const now = new Map(owners);
    for (const name of moved) now.set(name, { channels: [], email: 'new@shop.example' });
    const decideByLink = createDecideByLink({
      ...{ database: get(), config: { ...config, owners: now }, wake, channels: new Map() },
      findTracked: async () => [],
      openJudge: () => async () => Promise.reject(new Error('nothing is judged')),
    });
    const people = async () =>
      (await listed(get(), row)).map(({ decision }) => decision?.person ?? null);
    return { as, id, decisions, linkOf, decideByLink, people, woken };
  }

  test('let a viewer decide on own keys only, and keep how that person was known', async () => {
    const { as, id, decisions, people, woken } = await world();
    expect(woken.sort()).toEqual(['owner:ann', 'owner:bob']);
    const ann = as(viewer('ann'));
    await ann.decideReview({ id, decisions: decisions('ann') });
    await expect(ann.decideReview({ id, decisions: decisions('bob') })).rejects.toThrow(
      'the role viewer does not permit deciding in reviews',
    );
    await as(operator('olga')).decideReview({ id, decisions: decisions('bob') });
    expect(await people()).toMatchObject([
      { by: 'ann', known: 'token', sentTo: null },
      { by: 'olga', known: 'token' },
    ]);
    const recorded = await all<{ who: string; outcome: string }>(
      get(),
      `select who, outcome from keysweep.audit_record
       where what = 'decideReview' and input::text like '%${id}%' order by id`,
    );
    expect(recorded).toMatchObject([
      { who: 'ann', outcome: 'done' },
      { who: 'ann', outcome: 'failed' },
      { who: 'olga', outcome: 'done' },
    ]);
  });

  test('take the answers of a link for its own keys, and record who that was', async () => {
    const { id, decisions, linkOf, decideByLink, people } = await world();
    const link = await linkOf('bob');
    if (link === undefined) throw new Error('there is no link');
    expect(await decideByLink(link, decisions('bob'), '192.0.2.7')).toBe(1);
    expect(await decideByLink(link, decisions('bob'), '192.0.2.7')).toBe(0);
    await expect(decideByLink(link, decisions('ann'), '192.0.2.7')).rejects.toThrow(
      'the link is for other keys',
    );
    const by = { by: 'bob', known: 'link', sentTo: 'bob@shop.example' };
    expect(await people()).toMatchObject([null, by]);
    const [recorded] = await all<{ who: string; origin: string }>(
      get(),
      `select who, origin from keysweep.audit_record where input::text like '%${id}%'
         and what = 'decideReview'`,
    );
    expect(recorded).toEqual({ who: 'link of bob', origin: '192.0.2.7' });
  });

  test('end a link when it is withdrawn, when the review closes, and not before', async () => {
    const { as, id, linkOf } = await world();
    const olga = as(operator('olga'));
    expect(await linkOf('ann')).toMatchObject({ hasEnded: false });
    await olga.withdrawReviewLinks({ id, reviewer: 'ann' });
    expect(await linkOf('ann')).toMatchObject({ hasEnded: true });
    expect(await linkOf('bob')).toMatchObject({ hasEnded: false });
    await olga.closeReview({ id, reason: 'over' });
    expect(await linkOf('bob')).toMatchObject({ hasEnded: true });
    await expect(olga.withdrawReviewLinks({ id, reviewer: 'eve' })).rejects.toThrow(
      'this review has no reviewer "eve"',
    );
  });

  test('refuse a link that ended while its form was on the way', async () => {
    const { as, id, decisions, linkOf, decideByLink, people } = await world();
    const [ann, bob] = [await linkOf('ann'), await linkOf('bob')];
    if (ann === undefined || bob === undefined) throw new Error('there is no link');
    const olga = as(operator('olga'));
    await olga.withdrawReviewLinks({ id, reviewer: 'ann' });
    const late = decideByLink(ann, decisions('ann'), '192.0.2.7');
    await expect(late).rejects.toThrow('this link has ended');
    await olga.closeReview({ id, reason: 'over' });
    await expect(decideByLink(bob, decisions('bob'), '192.0.2.7')).rejects.toThrow('is closed');
    expect(await people()).toEqual([null, null]);
  });

  test('refuse a link that went to an address that the configuration no longer has', async () => {
    const { decisions, linkOf, decideByLink, people } = await world(undefined, ['ann']);
    const [ann, bob] = [await linkOf('ann'), await linkOf('bob')];
    if (ann === undefined || bob === undefined) throw new Error('there is no link');
    const before = decideByLink(ann, decisions('ann'), '192.0.2.7');
    await expect(before).rejects.toThrow('this link has ended');
    expect(await decideByLink(bob, decisions('bob'), '192.0.2.7')).toBe(1);
    expect(await people()).toMatchObject([null, { by: 'bob' }]);
  });

  const person = (login: string, subject: string, mail: string | null): Caller => ({
    ...operator(`${login} (${subject})`),
    proof: { known: 'oidc', subject, mail, login },
  });

  test.each([
    ['a login that looks like the mail', person('bob@shop.example', 's-1', null)],
    ['the mail in other letters', person('rob', 's-2', 'BOB@shop.example')],
    ['the name in letters that look alike', person('\uff42ob', 's-3', null)],
    ['the name of the reviewer as a token', operator('Bob')],
  ])('let nobody sign off who answered by a link: %s', async (_how, who) => {
    const { as, id, decisions, linkOf, decideByLink } = await world();
    const link = await linkOf('bob');
    if (link === undefined) throw new Error('there is no link');
    await decideByLink(link, decisions('bob'), '192.0.2.7');
    await expect(as(who).signOffReview({ id, reason: 'seen' })).rejects.toThrow(
      'bob decided on keys of this review',
    );
    await as(operator('boss')).signOffReview({ id, reason: 'seen' });
  });

  test('let nobody sign off by a token who decided under the same login at the provider', async () => {
    const { as, id, decisions } = await world();
    await as(person('bob', 's-4', null)).decideReview({ id, decisions: decisions('bob') });
    await expect(as(operator('bob')).signOffReview({ id, reason: 'seen' })).rejects.toThrow(
      'bob (s-4) decided on keys of this review',
    );
  });

  test('take neither a link nor the command line where people have to sign in', async () => {
    const { as, id, decisions, linkOf, decideByLink, people } = await world('signed-in');
    const link = await linkOf('ann');
    if (link === undefined) throw new Error('there is no link');
    const said = 'approvals: signed-in is set';
    await expect(decideByLink(link, decisions('ann'), '192.0.2.7')).rejects.toThrow(said);
    const local = as(localCaller());
    await expect(local.decideReview({ id, decisions: decisions('ann') })).rejects.toThrow(said);
    const end = { id, reason: 'seen', by: 'boss' };
    await expect(local.signOffReview(end)).rejects.toThrow('only somebody who signed in');
    expect(await people()).toEqual([null, null]);
    await as(viewer('ann')).decideReview({ id, decisions: decisions('ann') });
    await as(operator('boss')).signOffReview(end);
  });

  test('mark the name of a command as asserted', async () => {
    const { as, id } = await world();
    await as(localCaller()).signOffReview({ id, reason: 'seen', by: 'boss' });
    const review = await as(localCaller()).review({ id });
    expect(review?.signature?.person).toMatchObject({ by: 'boss', known: 'asserted' });
    await expect(as(localCaller()).startReview({ review: 'yearly' })).rejects.toThrow(
      'no review is called "yearly"; known: quarterly',
    );
  });
});
