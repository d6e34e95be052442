import { z } from 'zod';
import { id as idForm } from '../../evaluate/policy/id.ts';
import { plainText } from '../../evaluate/policy/plain-text.ts';
import { alertingOf } from '../../record/outbox/alerting.ts';
import { decideReview } from '../../record/reviews/decide.ts';
import { closeReview, signOffReview } from '../../record/reviews/end-review.ts';
import { remindReviewers } from '../../record/reviews/follow-reviews.ts';
import { startReview } from '../../record/reviews/start-review.ts';
import { withdrawLinks } from '../../record/reviews/withdraw-links.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import { findReview } from '../../record/store/find-by-beginning.ts';
import { reviewDecisionWords } from '../../report/review/review-model.ts';
import { absentId } from '../../text/id-beginning.ts';
import { asJson } from '../answers.ts';
import { isSignedIn } from '../caller.ts';
import { defineOperation, type Means } from '../operation.ts';
import { changedReviewShape, decidedReviewShape, startedReviewShape } from '../shapes/reviews.ts';
import { assertCounts, assertMayDecide, personOf } from './reviewer.ts';

const id = z.string().max(100);
const by = plainText(200).optional();
const reason = plainText(1_000);

/** A campaign that opened. */
export interface StartedReview {
  readonly review: string;
  readonly keys: number;
  /** How many mails and alerts go out. */
  readonly alerts: number;
}

/** Opens a campaign now. Throws `RequestRefused` if the review is not configured, or lists no key. */
export const startReviewNow = defineOperation({
  about: 'Opens a campaign of an access review now.',
  access: 'write',
  method: 'POST',
  path: 'reviews',
  input: z.strictObject({ review: idForm, by }),
  shape: startedReviewShape,
  answer: asJson<StartedReview>(),
  async run(means, { review: name, by: named }): Promise<StartedReview> {
    const { database, config, caller } = means;
    const review = config.reviews.find((one) => one.id === name);
    if (review === undefined) throw new RequestRefused(unknownReview(name, config.reviews));
    const terms = termsOf(means);
    const started = await startReview(database, review, terms, personOf(caller, named));
    await wake(means, started.alerts);
    return { review: started.id, keys: started.keys, alerts: started.alerts.length };
  },
});

function unknownReview(name: string, reviews: Means['config']['reviews']): string {
  const known = reviews.map((one) => one.id).join(', ');
  const there = known === '' ? 'the configuration has none' : `known: ${known}`;
  return `no review is called ${JSON.stringify(name)}; ${there}`;
}

/** A campaign after something was done to it. */
export interface ChangedReview {
  readonly review: string;
  readonly alerts: number;
}

/** What operations have in common that change a campaign. */
const change = {
  access: 'write',
  method: 'POST',
  shape: changedReviewShape,
  answer: asJson<ChangedReview>(),
} as const;

const ending = z.strictObject({ id, reason, by });

/** Mails every reviewer who has keys to answer. */
export const remindReview = defineOperation({
  ...change,
  about: 'Reminds the reviewers of a campaign who have keys to answer.',
  path: 'reviews/{id}/remind',
  input: z.strictObject({ id }),
  async run(means, asked): Promise<ChangedReview> {
    const found = await find(means, asked.id);
    const alerts = await remindReviewers(means.database, found.row, termsOf(means));
    await wake(means, alerts);
    return { review: found.id, alerts: alerts.length };
  },
});

/** Closes a campaign, unsigned. */
export const closeReviewNow = defineOperation({
  ...change,
  about: 'Closes a campaign without a signature; what is unanswered stays so.',
  path: 'reviews/{id}/close',
  input: ending,
  async run(means, asked): Promise<ChangedReview> {
    const { row, id: review } = await find(means, asked.id);
    const person = personOf(means.caller, asked.by);
    await closeReview(means.database, row, { person, reason: asked.reason });
    return { review, alerts: 0 };
  },
});

/** Signs a campaign as a whole, by somebody who decided nothing in it. */
export const signOffReviewNow = defineOperation({
  ...change,
  about: 'Signs a campaign off as a whole, by somebody who decided nothing in it; it closes.',
  path: 'reviews/{id}/sign-off',
  input: ending,
  async run(means, asked): Promise<ChangedReview> {
    const { row, id: review } = await find(means, asked.id);
    const { caller, config, database } = means;
    if (config.approvals !== undefined && !isSignedIn(caller)) {
      throw new RequestRefused('only somebody who signed in can sign a campaign off');
    }
    const person = personOf(caller, asked.by);
    const login = caller.proof?.known === 'oidc' ? caller.proof.login : null;
    await signOffReview(database, row, { person, reason: asked.reason }, login);
    return { review, alerts: 0 };
  },
});

/** Ends the links of a reviewer, who can still sign in. */
export const withdrawReviewLinks = defineOperation({
  ...change,
  about: 'Withdraws the links that were sent to a reviewer of a campaign.',
  path: 'reviews/{id}/withdraw',
  input: z.strictObject({ id, reviewer: plainText(500), by }),
  async run(means, asked): Promise<ChangedReview> {
    const { row, id: review } = await find(means, asked.id);
    const person = personOf(means.caller, asked.by);
    await withdrawLinks(means.database, row, asked.reviewer, person);
    return { review, alerts: 0 };
  },
});

/** As many keys as are decided on at once. */
const mostKeys = 200;

/** Decides on keys. Operators may on all, others on those that they are asked about. */
export const decideReviewKeys = defineOperation({
  about: 'Decides on keys of a campaign: keep, reduce, revoke or not-mine, each with a reason.',
  access: 'review',
  method: 'POST',
  path: 'reviews/{id}/decisions',
  input: z.strictObject({
    id,
    by,
    decisions: z
      .array(
        z.strictObject({
          source: z.string().max(200),
          keyId: z.string().max(4_000),
          decision: z.enum(reviewDecisionWords),
          reason,
        }),
      )
      .min(1, 'must name at least one key')
      .max(mostKeys),
  }),
  shape: decidedReviewShape,
  answer: asJson<{ readonly review: string; readonly decided: number; readonly alerts: number }>(),
  async run(means, asked) {
    const { row, id: review } = await find(means, asked.id);
    const { caller, database, config } = means;
    assertCounts(caller, config);
    const person = personOf(caller, asked.by);
    const decider = {
      person,
      assertMay: (sheet: Parameters<typeof assertMayDecide>[1]) =>
        assertMayDecide(caller, sheet, config.owners),
    };
    const alerting = alertingOf(config);
    const { decided, alerts } = await decideReview(
      database,
      row,
      asked.decisions,
      decider,
      alerting,
    );
    await wake(means, alerts);
    return { review, decided, alerts: alerts.length };
  },
});

async function find({ database }: Means, beginning: string) {
  const found = await findReview(database.db, beginning);
  if (found === undefined) throw new RequestRefused(absentId('review', beginning));
  return found;
}

function termsOf({ config }: Means) {
  return { owners: config.owners, alerting: alertingOf(config) };
}

/** If the queue refuses them, the next minute finds them. */
async function wake({ wake: waking }: Means, alerts: Parameters<Means['wake']['alerts']>[0]) {
  await waking.alerts(alerts).catch(() => undefined);
}
