import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import { decideReview } from '../../../src/record/reviews/decide.ts';
import { signOffReview } from '../../../src/record/reviews/end-review.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import { aPerson, aReview, readOne, start } from '../reviews/a-review.ts';
import { describeOwnStores } from '../stores.ts';
import { aTrackedKey, inputs, judgedSweep } from '../world.ts';
import { checkWithin } from './check.ts';

class Undo extends Error {}

describeOwnStores('comparing reviews with the log', (get) => {
  let place = '';
  beforeAll(async () => {
    const keys = ['key_a', 'key_b', 'key_c'].map((id) => aTrackedKey(id, { owner: 'ann' }));
    await judgedSweep(get(), inputs(keys));
    const row = await start(get(), aReview());
    const decide = (keyId: string, decision: 'keep' | 'revoke', reason: string) => {
      const decider = { person: aPerson('ann'), assertMay: () => undefined };
      const one = { source: 'prod', keyId, decision, reason };
      return decideReview(get(), row, [one], decider, anAlerting(['siem']));
    };
    await decide('key_a', 'keep', 'in use');
    await decide('key_a', 'revoke', 'no longer');
    await decide('key_b', 'keep', 'in use');
    await signOffReview(get(), row, { person: aPerson('boss'), reason: 'seen' }, null);
    // One that is open, with nothing decided.
    await start(get(), aReview({ id: 'other' }));
    place = `review quarterly ${(await readOne(get(), row)).id}`;
  });

  const linesAfter = async (edit: string) => {
    let lines: string[] = [];
    const edited = get().transact(async (tx) => {
      await sql.raw(edit).execute(tx);
      lines = (await checkWithin(tx)).differences.map(renderDifference);
      throw new Undo();
    });
    await expect(edited).rejects.toThrow(Undo);
    return lines.map((line) => line.replaceAll(place, 'R').replace(/^leaf \d+, /, ''));
  };
  const ann =
    '{"asserted":null,"by":"ann","known":"token","mail":null,"sentTo":null,"subject":null}';
  const where = `update keysweep.review_decision set`;
  const changed = 'a decision was changed, removed or added';

  test('finds nothing where nothing was edited', async () => {
    expect(await linesAfter('select 1')).toEqual([]);
  });

  test.each([
    [
      `${where} decision = 'keep' where decision = 'revoke'`,
      `R, key prod/key_a: ${changed}: was revoke by ${ann}: no longer, is now keep by ${ann}: no longer`,
    ],
    [
      `${where} reason = 'we like it' where reason = 'no longer'`,
      `R, key prod/key_a: ${changed}: was revoke by ${ann}: no longer, is now revoke by ${ann}: we like it`,
    ],
    [
      `${where} decided_as = decided_as || '{"by":"bob"}' where place = 1`,
      `R, key prod/key_b: ${changed}: was keep by ${ann}: in use, is now keep by ${ann.replace('ann', 'bob')}: in use`,
    ],
    [
      `delete from keysweep.review_decision where place = 1;
       update keysweep.review_key set decision_id = null where place = 1`,
      `R, key prod/key_b: ${changed}: was keep by ${ann}: in use, is now gone`,
    ],
    [
      `insert into keysweep.review_decision (review_id, place, decision, reason, decided_as, decided_at)
         select review_id, 2, decision, reason, decided_as, decided_at
         from keysweep.review_decision where place = 1;
       update keysweep.review_key k set decision_id = d.id from keysweep.review_decision d
         where d.review_id = k.review_id and d.place = 2 and k.place = 2`,
      `R, key prod/key_c: ${changed}: was none, is now keep by ${ann}: in use`,
    ],
    [
      `update keysweep.review_key k set decision_id = (select min(id) from keysweep.review_decision)
         where place = 0 and decision_id is not null`,
      `R, key prod/key_a: ${changed}: was the newest one, is now another one`,
    ],
    [
      `update keysweep.review_key set listed = listed || '{"verdict":"pass","tags":["x"]}' where
         place = 2 and review_id = (select min(id) from keysweep.review)`,
      'R: the list of its keys was changed',
    ],
    [
      `update keysweep.review set signed_as = signed_as || '{"by":"carl"}'`,
      `R: the review was changed: signed-off by, was ${ann.replace('ann', 'boss')}, is now ${ann.replace('ann', 'carl')}`,
    ],
    [
      `update keysweep.review set closed_reason = 'late' where review = 'quarterly'`,
      'R: the review was changed: closed reason, was "seen", is now "late"',
    ],
    [
      `update keysweep.review set signed_at = null, signed_as = null where review = 'quarterly'`,
      'R: the review was changed: signed-off, was yes, is now no',
    ],
    [
      `update keysweep.review set keys = 2 where review = 'quarterly'`,
      'R: the review was changed: keys, was 3, is now 2',
    ],
  ])('names what was edited: %s', async (edit, line) => {
    expect(await linesAfter(edit)).toEqual([line]);
  });

  test('names a review that is gone, and one that was added or closed by hand', async () => {
    expect(await linesAfter(`delete from keysweep.review where review = 'quarterly'`)).toEqual([
      expect.stringMatching(/^review [\da-f-]{36}: the review is gone$/),
    ]);
    const added = `insert into keysweep.review (review, trigger, opened_at, answer_by, terms, keys,
      listed_hash) values ('mine', 'request', now(), now(), '{}', 0, '')`;
    expect(await linesAfter(added)).toEqual([
      expect.stringMatching(/^review mine [\da-f-]{36}: the review is one that the log does not/),
    ]);
    const closed = `update keysweep.review set closed_at = now(), closed_as = '{"by":"eve"}',
      closed_reason = 'r' where review = 'other'`;
    expect(await linesAfter(closed)).toEqual([
      expect.stringMatching(
        /^review other .*: the review was changed: closed, was no, is now yes$/,
      ),
    ]);
  });

  test('names decisions whose object is gone', async () => {
    const lines = await linesAfter(
      `delete from keysweep.log_object where convert_from(body, 'UTF8') like '%"decisions"%'`,
    );
    const gone = 'what was decided in R: an object that the leaf refers to is gone or was changed';
    expect(lines.filter((line) => line !== gone)).toEqual([
      expect.stringMatching(/^key prod\/key_a, rule review-revoke: an event of the finding is one/),
    ]);
    expect(lines.filter((line) => line === gone)).toHaveLength(3);
  });
});
