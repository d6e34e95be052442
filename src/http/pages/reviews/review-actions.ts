import type { Operations } from '../../../operations/index.ts';
import { shortenText } from '../../../report/safe-text.ts';
import { ProblemError } from '../../problems/problem.ts';
import type { ActionEntry } from '../actions/action-entry.ts';
import { type FormFields, requireField } from '../forms/form-fields.ts';
import { pathOfReview } from '../paths.ts';
import { askQuestion, type ReviewQuestion } from './ask-question.tsx';
import { longestReason, tidyReason } from './tidy-reason.ts';

/** What a form says, by field. `reason`: empty where none is asked for. */
type Said<Field extends string> = Readonly<Record<Field | 'reason', string>>;

interface Asked<Field extends string> extends Pick<ActionEntry, 'path' | 'what'> {
  readonly fields: readonly Field[];
  question(said: Readonly<Record<Field, string>>): ReviewQuestion;
  /** Returns the id of the campaign to show. */
  act(operations: Operations, said: Said<Field>): Promise<string>;
}

/** Something that is done to a campaign once somebody has answered the question about it. */
function askFirst<Field extends string>(asked: Asked<Field>): ActionEntry {
  const { path, what, fields, question, act } = asked;
  return {
    path,
    what,
    async run({ frame, form }, { operations }) {
      const named = fields.map((field) => [field, requireField(form, field)]);
      const said = Object.fromEntries(named) as Record<Field, string>;
      const asks = question(said);
      const reason = asks.reason === undefined ? '' : readReason(form);
      if (form.one('sure') === undefined || reason === undefined) {
        return askQuestion(frame, path, said, asks);
      }
      return { kind: 'go', to: pathOfReview(await act(operations, { ...said, reason })) };
    },
  };
}

/** Opens a campaign now. */
const start = askFirst({
  path: '/actions/review/start',
  what: 'startReview',
  fields: ['review'],
  question: ({ review }) => ({
    title: `Start review ${shortenText(review, 100)} now?`,
    says: 'It lists the keys as they are now, and every reviewer with a mail address is written to.',
    button: 'Start the review',
  }),
  act: async (operations, { review }) => (await operations.startReview({ review })).review,
});

/** Mails those who have not answered. */
const remind = askFirst({
  path: '/actions/review/remind',
  what: 'remindReview',
  fields: ['review'],
  question: () => ({
    title: 'Remind the reviewers?',
    says: 'Every reviewer with keys that nobody has answered gets one mail now.',
    button: 'Send the reminders',
  }),
  act: async (operations, { review: id }) => (await operations.remindReview({ id })).review,
});

/** Ends the links of one reviewer. */
const withdraw = askFirst({
  path: '/actions/review/withdraw',
  what: 'withdrawReviewLinks',
  fields: ['review', 'reviewer'],
  question: ({ reviewer }) => ({
    title: `Withdraw the link of ${shortenText(reviewer, 100)}?`,
    says: 'It ends at once, and no more mails are sent to this reviewer, who can still sign in. Answers that came by it stay. This cannot be undone.',
    button: 'Withdraw the link',
  }),
  act: async (operations, { review: id, reviewer }) =>
    (await operations.withdrawReviewLinks({ id, reviewer })).review,
});

/** Signs a campaign off. */
const signOff = askFirst({
  path: '/actions/review/sign-off',
  what: 'signOffReview',
  fields: ['review'],
  question: () => ({
    title: 'Sign off this review?',
    says: 'Your name stands under the whole review, with what is unanswered as unanswered. It closes, and this cannot be undone.',
    button: 'Sign off',
    reason: 'What you state by it, for auditors',
  }),
  act: async (operations, { review: id, reason }) =>
    (await operations.signOffReview({ id, reason })).review,
});

/** Closes a campaign without a signature. */
const close = askFirst({
  path: '/actions/review/close',
  what: 'closeReview',
  fields: ['review'],
  question: () => ({
    title: 'Close this review without a signature?',
    says: 'Links end, and no more answers are taken. It can still be signed off later. This cannot be undone.',
    button: 'Close the review',
    reason: 'Why it ends now, for auditors',
  }),
  act: async (operations, { review: id, reason }) =>
    (await operations.closeReview({ id, reason })).review,
});

/** Every action of an operator on reviews. */
export const reviewActions: readonly ActionEntry[] = [start, remind, withdraw, signOff, close];

/** Undefined if there is none. */
function readReason(form: FormFields): string | undefined {
  const reason = tidyReason(form.one('reason'));
  if (reason === '') return undefined;
  if (reason.length <= longestReason) return reason;
  throw new ProblemError({ status: 400, detail: `reason: has over ${longestReason} characters` });
}
