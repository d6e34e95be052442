import { expect, test } from 'vitest';
import type { ReviewConfig } from '../../../src/config/reviews/reviews-config.ts';
import { readReviewsPage } from '../../../src/record/reads/reviews/read-reviews.ts';
import { decideReview } from '../../../src/record/reviews/decide.ts';
import { closeReview } from '../../../src/record/reviews/end-review.ts';
import { followReviews, remindReviewers } from '../../../src/record/reviews/follow-reviews.ts';
import type { NoticeTerms } from '../../../src/record/reviews/write-notices.ts';
import { describeStores } from '../stores.ts';
import { all, aSource, aTrackedKey, inputs, run, sweep } from '../world.ts';
import { aPerson, aReview, day, reviewMessages, someTerms } from './a-review.ts';

const hour = 3_600_000;
let count = 0;

describeStores('the reviews', (get) => {
  /** One review over keys of ann, bob and nobody. `follow` is what happens every minute. */
  async function world(difference: Partial<ReviewConfig> = {}, owners = ['ann', 'bob']) {
    const source = aSource();
    const keys = [
      aTrackedKey('key_a', { source, owner: 'ann' }),
      aTrackedKey('key_b', { source, owner: 'bob' }),
      aTrackedKey('key_c', { source, owner: null }),
    ];
    await sweep(get(), inputs(keys));
    count += 1;
    const id = `review-${count}`;
    const every = { kind: 'interval', ms: 90 * day } as const;
    const review = aReview({ id, every, of: { source: [source] }, ...difference });
    const follow = (terms: NoticeTerms = someTerms(...owners), reviews = [review]) =>
      followReviews(get(), { reviews, owners: terms.owners }, terms.alerting);
    /** Lets so much time pass for the schedule and the campaigns. */
    const pass = async (ms: number) => {
      const back = `interval '${ms} milliseconds'`;
      await run(
        get(),
        `update keysweep.review_schedule set decided_until = decided_until - ${back}
           where review = '${id}';
         update keysweep.review set opened_at = opened_at - ${back}, due_at = due_at - ${back},
           answer_by = answer_by - ${back} where review = '${id}'`,
      );
    };
    const campaigns = async () => {
      const page = await readReviewsPage(get(), { review: [id] }, { limit: 10 });
      return page.items;
    };
    const newest = async () => {
      const [first] = await campaigns();
      if (first === undefined) throw new Error('no campaign has opened');
      const [row] = await all<{ id: number }>(
        get(),
        `select id from keysweep.review where uuid = '${first.id}'`,
      );
      return { ...first, row: row?.id ?? 0 };
    };
    const told = async () => reviewMessages(get(), (await newest()).id);
    await follow();
    return { id, source, follow, pass, campaigns, newest, told };
  }

  test('open an interval after they were first seen, and an interval after the campaign before', async () => {
    const { follow, pass, campaigns } = await world();
    expect(await campaigns()).toEqual([]);
    await pass(90 * day - hour);
    expect((await follow()).opened).toBe(0);
    await pass(hour);
    expect((await follow()).opened).toBe(1);
    expect((await follow()).opened).toBe(0);
    expect(await campaigns()).toMatchObject([{ trigger: 'schedule', passedOver: 0, keys: 3 }]);
    await pass(90 * day);
    expect((await follow()).opened).toBe(1);
  });

  test('open once though every process follows them, and once for all that was passed over', async () => {
    const { follow, pass, campaigns } = await world();
    await pass(300 * day);
    const opened = await Promise.all([follow(), follow(), follow()]);
    expect(opened.map((one) => one.opened).sort()).toEqual([0, 0, 1]);
    expect(await campaigns()).toMatchObject([{ trigger: 'catch-up', passedOver: 2 }]);
    await pass(89 * day);
    expect((await follow()).opened).toBe(0);
    await pass(day);
    expect((await follow()).opened).toBe(1);
  });

  test('open at the instants of a cron line; a changed line counts from then on', async () => {
    const every = { kind: 'cron', cron: '0 6 1 * *', timezone: 'UTC' } as const;
    const { id, source, follow, pass, campaigns } = await world({ every });
    await pass(70 * day);
    const other = { ...every, cron: '0 7 1 * *' };
    const changed = aReview({ id, every: other, of: { source: [source] } });
    expect((await follow(undefined, [changed])).opened).toBe(0);
    await pass(70 * day);
    expect((await follow(undefined, [changed])).opened).toBe(1);
    const [first] = await campaigns();
    expect(first?.dueAt?.toISOString()).toMatch(/-01T07:00:00.000Z$/);
    expect(first?.passedOver).toBeGreaterThanOrEqual(1);
  });

  test('count again from now on after the clock was set back', async () => {
    const { follow, pass, campaigns } = await world();
    await pass(-400 * day);
    await follow();
    await pass(89 * day);
    expect((await follow()).opened).toBe(0);
    await pass(day);
    expect((await follow()).opened).toBe(1);
    expect(await campaigns()).toHaveLength(1);
  });

  test('ask each reviewer who can be written to, and say whom nobody can ask', async () => {
    const { follow, pass, told, newest } = await world({ escalateTo: 'siem' }, ['ann']);
    await pass(90 * day);
    const { alerts } = await follow();
    expect(alerts.map(({ channel }) => channel).sort()).toEqual(['owner:ann', 'siem']);
    const { id } = await newest();
    const [mail, siem] = await told();
    expect(mail).toMatchObject({
      channel: 'owner:ann',
      type: 'review.asked',
      data: {
        review: { id, page: `https://k.example/reviews/${id}` },
        ...{ reviewer: 'ann', reminder: false, omitted: 0 },
        sheets: [{ owner: 'ann', keys: 1, unanswered: 1 }],
      },
    });
    expect(JSON.stringify(mail)).toMatch(
      /https:\/\/k.example\/reviews\/link\/[\da-f-]{36}\.unsigned"/,
    );
    expect(siem).toMatchObject({
      channel: 'siem',
      type: 'review.escalated',
      data: { because: 'nobody-to-ask', keys: 3, unanswered: 2 },
    });
    expect((await follow()).alerts).toEqual([]);
  });

  test('say that they list no key, once', async () => {
    const of = { source: ['no-such-source'] };
    const { follow, pass, told } = await world({ escalateTo: 'siem', of });
    await pass(90 * day);
    expect((await follow()).alerts.map(({ channel }) => channel)).toEqual(['siem']);
    expect((await told()).map(({ data }) => data)).toMatchObject([
      { because: 'no-key', keys: 0, unanswered: 0, owners: [] },
    ]);
    await pass(14 * day);
    expect((await follow()).alerts).toEqual([]);
  });

  test('ask named reviewers about the keys of every owner, each with a link of its own', async () => {
    const reviewers = ['sec@shop.example', 'ann'];
    const { follow, pass, told } = await world({ reviewers }, ['ann', 'sec@shop.example']);
    await pass(90 * day);
    await follow();
    const mails = await told();
    expect(mails.map(({ channel }) => channel)).toEqual(['owner:ann', 'owner:sec@shop.example']);
    const links = mails.flatMap(
      (mail) => JSON.stringify(mail).match(/[\da-f-]{36}\.unsigned/g) ?? [],
    );
    expect(new Set(links).size).toBe(6);
  });

  test('remind once before the answers are due, and only those who have keys to answer', async () => {
    const { source, follow, pass, told, newest } = await world({ remindMs: [7 * day, day] });
    await pass(90 * day);
    await follow();
    const { row } = await newest();
    const decider = { person: aPerson('bob'), assertMay: () => undefined };
    const key = { source, keyId: 'key_b', decision: 'keep', reason: 'r' } as const;
    await decideReview(get(), row, [key], decider, someTerms().alerting);
    await pass(7 * day - hour);
    expect((await follow()).alerts).toEqual([]);
    await pass(hour);
    expect((await follow()).alerts.map(({ channel }) => channel)).toEqual(['owner:ann']);
    expect((await follow()).alerts).toEqual([]);
    await pass(6 * day);
    const again = await Promise.all([follow(), follow()]);
    expect(again.flatMap(({ alerts }) => alerts)).toHaveLength(1);
    const reminders = (await told()).filter(({ data }) => 'reminder' in data && data.reminder);
    expect(reminders).toHaveLength(2);
  });

  test('send one reminder for those that a stop has swallowed, and none when answers are late', async () => {
    const remindMs = [7 * day, 3 * day, day];
    const { follow, pass } = await world({ remindMs, dueMs: 14 * day });
    await pass(90 * day);
    await follow();
    await pass(12 * day);
    expect((await follow()).alerts).toHaveLength(2);
    expect((await follow()).alerts).toEqual([]);
    await pass(5 * day);
    expect((await follow()).alerts).toEqual([]);
  });

  test('escalate once when answers are late, with the owners that have most of them first', async () => {
    const { follow, pass, told } = await world({ escalateTo: 'siem' });
    await pass(90 * day);
    await follow();
    await pass(14 * day - hour);
    expect((await follow()).alerts).toEqual([]);
    await pass(hour);
    expect((await follow()).alerts.map(({ channel }) => channel)).toEqual(['siem']);
    expect((await follow()).alerts).toEqual([]);
    expect((await told()).at(-1)?.data).toMatchObject({
      ...{ because: 'overdue', keys: 3, unanswered: 3, omitted: 0 },
      owners: [
        { owner: 'ann', unanswered: 1 },
        { owner: 'bob', unanswered: 1 },
        { owner: null, unanswered: 1 },
      ],
    });
  });

  test('escalate to the channel that the review has now, where the one before is gone', async () => {
    const { id, source, follow, pass } = await world({ escalateTo: 'siem' });
    await pass(90 * day);
    await follow();
    const { alerting, owners } = someTerms();
    const formats = new Map([['chat', 'json' as const]]);
    const terms = { owners, alerting: { ...alerting, channels: ['chat'], formats } };
    const moved = aReview({ id, of: { source: [source] }, escalateTo: 'chat' });
    await pass(14 * day);
    const { alerts } = await follow(terms, [moved]);
    expect(alerts.map(({ channel }) => channel)).toEqual(['chat']);
  });

  test('leave a closed campaign alone', async () => {
    const { follow, pass, newest } = await world({ escalateTo: 'siem', remindMs: [day] });
    await pass(90 * day);
    await follow();
    const { row } = await newest();
    await closeReview(get(), row, { person: aPerson('boss'), reason: 'done' });
    await pass(14 * day);
    expect((await follow()).alerts).toEqual([]);
    const terms = someTerms('ann');
    await expect(remindReviewers(get(), row, terms)).rejects.toThrow('this review is closed');
  });

  test('write to the address that is configured now, and end the link to the one before', async () => {
    const { follow, pass, told, newest } = await world();
    await pass(90 * day);
    await follow();
    const { row } = await newest();
    const linkOf = (mail: unknown) => /([\da-f-]{36})\.unsigned/.exec(JSON.stringify(mail))?.[1];
    const before = linkOf((await told())[0]);
    const moved = someTerms('ann', 'bob');
    const owners = new Map([...moved.owners, ['ann', { channels: [], email: 'new@shop.example' }]]);
    await remindReviewers(get(), row, { ...moved, owners });
    const after = (await told()).filter(({ channel }) => channel === 'owner:ann').at(-1);
    expect(linkOf(after)).not.toBe(before);
    const links = await all<{ id: string; mail: string }>(
      get(),
      `select id, mail from keysweep.review_link where review_id = ${row} and name = 'ann'`,
    );
    expect(links).toEqual([{ id: linkOf(after), mail: 'new@shop.example' }]);
  });
});
