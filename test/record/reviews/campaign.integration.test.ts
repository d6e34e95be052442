import { expect, test } from 'vitest';
import { parseLeaf } from '../../../src/evidence/leaves/leaf.ts';
import { nameObject } from '../../../src/evidence/manifest.ts';
import { readObject } from '../../../src/record/log/log-objects.ts';
import { readReviewsPage } from '../../../src/record/reads/reviews/read-reviews.ts';
import { decideReview } from '../../../src/record/reviews/decide.ts';
import { closeReview, signOffReview } from '../../../src/record/reviews/end-review.ts';
import type { ReviewDecisionWord, ReviewPerson } from '../../../src/report/review/review-model.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import { describeStores } from '../stores.ts';
import {
  all,
  aSource,
  aTrackedKey,
  changes,
  findings,
  inputs,
  judgedSweep,
  sweep,
} from '../world.ts';
import { answers, aPerson, aReview, listed, readOne, start } from './a-review.ts';

const terms = anAlerting(['siem']);
const aMail = (mail: string) => aPerson(`y of ${mail}`, { mail });

describeStores('a campaign', (get) => {
  /** Three keys of two owners and of nobody, swept once; `key_a` breaks a rule. */
  async function world() {
    const source = aSource();
    const keys = [
      aTrackedKey('key_a', { source, owner: 'ann', environment: 'production', tags: ['shop'] }),
      aTrackedKey('key_b', { source, owner: 'bob' }),
      aTrackedKey('key_c', { source, owner: null }),
    ];
    const using = inputs(keys);
    await sweep(get(), using, { key_a: { breaks: ['stale'] }, key_c: { missing: true } });
    const row = await start(get(), aReview({ of: { source: [source] } }));
    const decide = async (
      keyId: string,
      decision: ReviewDecisionWord,
      person: ReviewPerson = aPerson('ann'),
      reason = 'because',
    ) => {
      const decider = { person, assertMay: () => undefined };
      return decideReview(get(), row, [{ source, keyId, decision, reason }], decider, terms);
    };
    return { source, keys, using, row, decide };
  }

  test('lists each key that matches, by owner, as it was when it opened', async () => {
    const { source, using, row } = await world();
    const review = await readOne(get(), row);
    expect(review.sheets).toEqual([
      expect.objectContaining({ owner: 'ann', keys: 1, answered: 0 }),
      expect.objectContaining({ owner: 'bob', keys: 1, answered: 0 }),
      { sheet: 2, owner: null, keys: 1, answered: 0, reviewers: [] },
    ]);
    expect(review).toMatchObject({
      review: 'quarterly',
      trigger: 'request',
      keys: 3,
      status: 'open',
    });
    await judgedSweep(get(), using, { key_a: { details: { scopes: ['other'] } } });
    const [first, , last] = await listed(get(), row);
    expect(first?.listed).toMatchObject({
      ...{ name: 'Checkout', scopes: ['customers:read'], lastUsed: '2026-11-20T00:00:00.000Z' },
      ...{ environment: 'production', tags: ['shop'], verdict: 'fail' },
      findings: [{ rule: 'stale', severity: 'high', status: 'open', waiver: null }],
    });
    expect(last?.listed).toMatchObject({ missing: true, findings: [] });
    expect(await findings(get(), source)).not.toContain('key_a stale open');
  });

  test('keeps every decision, counts the newest, and counts no answer as none', async () => {
    const { row, decide } = await world();
    await decide('key_a', 'keep');
    await decide('key_a', 'reduce');
    await decide('key_b', 'not-mine', aPerson('bob'));
    expect(await answers(get(), row)).toEqual([
      'key_a ann reduce',
      'key_b bob not-mine',
      'key_c null unanswered',
    ]);
    expect((await readOne(get(), row)).answers).toEqual({
      ...{ keep: 0, reduce: 1, revoke: 0, 'not-mine': 1, unanswered: 1 },
    });
    const kept = await all<{ decision: string }>(
      get(),
      `select decision from keysweep.review_decision where review_id = ${row} order by id`,
    );
    expect(kept.map(({ decision }) => decision)).toEqual(['keep', 'reduce', 'not-mine']);
  });

  test('takes the same decision of the same person once, though a form is sent twice', async () => {
    const { decide } = await world();
    expect((await decide('key_a', 'revoke')).decided).toBe(1);
    expect(await decide('key_a', 'revoke')).toMatchObject({ decided: 0, alerts: [] });
    expect((await decide('key_a', 'revoke', aPerson('eve'))).decided).toBe(1);
  });

  test('keeps none of the decisions if one of the keys is not listed', async () => {
    const { source, row } = await world();
    const both = ['key_a', 'key_x'].map((keyId) => ({
      ...{ source, keyId, decision: 'keep' as const, reason: 'because' },
    }));
    const decider = { person: aPerson('ann'), assertMay: () => undefined };
    await expect(decideReview(get(), row, both, decider, terms)).rejects.toThrow(
      `this review does not list key "key_x" of source ${source}`,
    );
    expect(await answers(get(), row)).toContain('key_a ann unanswered');
  });

  test('asks whether the person may decide on the sheets, and on no other', async () => {
    const { source, row } = await world();
    const asked: (string | null)[] = [];
    const decider = {
      person: aPerson('ann'),
      assertMay: ({ owner }: { owner: string | null }) => {
        asked.push(owner);
        if (owner === 'bob') throw new Error('not yours');
      },
    };
    const one = (keyId: string) => [{ source, keyId, decision: 'keep' as const, reason: 'r' }];
    await decideReview(get(), row, one('key_a'), decider, terms);
    await expect(decideReview(get(), row, one('key_b'), decider, terms)).rejects.toThrow(
      'not yours',
    );
    expect(asked).toEqual(['ann', 'bob']);
    expect(await answers(get(), row)).toContain('key_b bob unanswered');
  });

  test('opens a finding for a key to revoke, which sweeps leave open until the key is gone', async () => {
    const { source, keys, using, decide } = await world();
    const link = aPerson('ann', { known: 'link', sentTo: 'ann@shop.example' });
    const { alerts } = await decide('key_b', 'revoke', link, 'nobody needs it');
    expect(await changes(get(), alerts, source)).toEqual(['opened key_b review-revoke']);
    const told = await all<{ body: string }>(
      get(),
      `select body from keysweep.alert where id = '${alerts[0]?.id}'`,
    );
    expect(told[0]?.body).toContain(
      'to be revoked, as ann (by link sent to ann@shop.example) decided in review quarterly: nobody needs it',
    );
    const open = 'key_b review-revoke open';
    await judgedSweep(get(), using);
    await judgedSweep(get(), inputs(keys, '\n  - { id: other, type: unowned, severity: low }'));
    await sweep(get(), using, { key_b: { unknown: true } });
    expect(await findings(get(), source)).toContain(open);
    const { closed } = await judgedSweep(get(), using, { key_b: { missing: true } });
    expect(await findings(get(), source)).toContain('key_b review-revoke resolved missing');
    expect(await changes(get(), closed.alerts, source)).toContain('resolved key_b review-revoke');
    await judgedSweep(get(), using);
    expect(await findings(get(), source)).toContain(open);
  });

  test('ends that finding when the owner decides to keep the key after all, but not if it is not theirs', async () => {
    const { source, decide } = await world();
    await decide('key_b', 'revoke');
    await decide('key_b', 'not-mine');
    expect(await findings(get(), source)).toContain('key_b review-revoke open');
    const { alerts } = await decide('key_b', 'keep', aPerson('bob'), 'still in use');
    expect(await changes(get(), alerts, source)).toEqual(['resolved key_b review-revoke']);
    expect(await findings(get(), source)).toContain('key_b review-revoke resolved acknowledged');
    const reopened = await decide('key_b', 'revoke', aPerson('bob'), 'no longer');
    expect(await changes(get(), reopened.alerts, source)).toEqual(['reopened key_b review-revoke']);
  });

  test('ends the finding of a key that leaves the inventory', async () => {
    const { source, decide } = await world();
    await decide('key_b', 'revoke');
    await sweep(get(), inputs([aTrackedKey('key_a', { source })]));
    expect(await findings(get(), source)).toContain('key_b review-revoke resolved untracked');
  });

  test('does not change why other findings of the key end', async () => {
    const { source, using, decide } = await world();
    await sweep(get(), using, { key_b: { breaks: ['stale'] } });
    await decide('key_b', 'revoke');
    await sweep(get(), using, { key_b: {} });
    expect(await findings(get(), source)).toContain('key_b stale resolved fixed');
  });

  test('takes no decision once it is closed, and can be signed off after that', async () => {
    const { row, decide } = await world();
    await decide('key_a', 'keep');
    const end = { person: aPerson('boss'), reason: 'time is up' };
    await closeReview(get(), row, end);
    await expect(decide('key_b', 'keep')).rejects.toThrow('this review is closed');
    await expect(closeReview(get(), row, end)).rejects.toThrow('closed already');
    expect(await readOne(get(), row)).toMatchObject({ status: 'closed', signature: null });
    await signOffReview(get(), row, end, null);
    const signed = await readOne(get(), row);
    expect(signed).toMatchObject({ status: 'signed-off', answers: { keep: 1, unanswered: 2 } });
    await expect(signOffReview(get(), row, end, null)).rejects.toThrow('signed off already');
  });

  test.each([
    ['a name', aPerson('ann'), aPerson('ann')],
    ['a mail in capitals', aMail('ANN@shop.example'), aMail('ann@shop.example')],
    ['where the link went', aMail('a@b.example'), aPerson('x', { sentTo: 'a@b.example' })],
    ['an asserted name', aPerson('ann'), aPerson('cron', { asserted: 'ann' })],
    ['an asserted signer', aPerson('cron', { asserted: 'ann' }), aPerson('ann')],
    [
      'what never changes',
      aPerson('y (s-1)', { subject: 's-1' }),
      aPerson('x', { subject: 's-1' }),
    ],
  ])('is not signed off by somebody who decided in it: %s', async (_how, signer, person) => {
    const { row, decide } = await world();
    await decide('key_a', 'keep', person);
    await decide('key_a', 'keep', aPerson('bob'));
    const own = { person: signer, reason: 'seen' };
    await expect(signOffReview(get(), row, own, null)).rejects.toThrow(
      'somebody who decided nothing in it has to sign off a review',
    );
    expect(await readOne(get(), row)).toMatchObject({ status: 'open' });
    const other = { person: aPerson('boss'), reason: 'seen' };
    await expect(signOffReview(get(), row, other, 'Bob')).rejects.toThrow('bob decided on keys');
    await signOffReview(get(), row, other, null);
    expect((await readOne(get(), row)).signature).toMatchObject({ reason: 'seen' });
  });

  test('tells the evidence log of each step, with the lists as objects', async () => {
    const { row, decide } = await world();
    await decide('key_a', 'keep', aPerson('ann'), 'in use');
    await signOffReview(get(), row, { person: aPerson('boss'), reason: 'seen' }, null);
    const { id, listedHash } = await readOne(get(), row);
    const kept = await all<{ body: string }>(
      get(),
      `select body from keysweep.log_leaf where body like '%"review":"${id}"%' order by n`,
    );
    const leaves = kept.map(({ body }) => parseLeaf(body));
    expect(leaves.map(({ event }) => event)).toMatchObject([
      { event: 'reviewed', what: 'opened', name: 'quarterly', keys: 3, person: { by: 'boss' } },
      { event: 'reviewed', what: 'decided', keys: 1, person: { by: 'ann', known: 'token' } },
      { event: 'reviewed', what: 'closed', answers: { keep: 1, unanswered: 2 } },
      { event: 'reviewed', what: 'signed-off', reason: 'seen', person: { by: 'boss' } },
    ]);
    expect(leaves[0]?.subjects).toEqual({ review: listedHash });
    const textOf = (name: string | undefined) => readObject(get().db, name ?? '');
    // No object holds the list, because the rows give it back.
    const list = await textOf(listedHash);
    expect(nameObject(list ?? '')).toBe(listedHash);
    expect(list).toContain('"keyId":"key_c","listed":{');
    expect(await textOf(leaves[1]?.subjects.decisions)).toContain(
      '"decisions":[{"decision":"keep","keyId":"key_a","reason":"in use","source":',
    );
  });

  test('is refused where no key matches, and leaves nothing behind', async () => {
    const review = aReview({ id: 'of-nothing', of: { source: ['nowhere'] } });
    await expect(start(get(), review)).rejects.toThrow('no tracked key matches');
    const page = await readReviewsPage(get(), { review: ['of-nothing'] }, { limit: 5 });
    expect(page.items).toEqual([]);
  });
});
