import { shortenText } from '../../../report/safe-text.ts';
import { ProblemError } from '../../problems/problem.ts';
import type { ActionEntry } from '../actions/action-entry.ts';
import { type FormFields, requireField } from '../forms/form-fields.ts';
import { pathOfReview } from '../paths.ts';
import { askQuestion } from './ask-question.tsx';

/** Opens a campaign now. */
const start: ActionEntry = {
  path: '/actions/review/start',
  what: 'startReview',
  async run({ frame, form }, { operations }) {
    const review = requireField(form, 'review');
    if (form.one('sure') === undefined) {
      return askQuestion(
        frame,
        start.path,
        { review },
        {
          title: `Start review ${shortenText(review, 100)} now?`,
          says: 'It lists the keys as they are now, and every reviewer with a mail address is written to.',
          button: 'Start the review',
        },
      );
    }
    const started = await operations.startReview({ review });
    return { kind: 'go', to: pathOfReview(started.review) };
  },
};

/** Mails those who have not answered. */
const remind: ActionEntry = {
  path: '/actions/review/remind',
  what: 'remindReview',
  async run({ frame, form }, { operations }) {
    const id = requireField(form, 'review');
    if (form.one('sure') === undefined) {
      return askQuestion(
        frame,
        remind.path,
        { review: id },
        {
          title: 'Remind the reviewers?',
          says: 'Every reviewer with keys that nobody has answered gets one mail now.',
          button: 'Send the reminders',
        },
      );
    }
    await operations.remindReview({ id });
    return { kind: 'go', to: pathOfReview(id) };
  },
};

/** Ends the links of one reviewer. */
const withdraw: ActionEntry = {
  path: '/actions/review/withdraw',
  what: 'withdrawReviewLinks',
  async run({ frame, form }, { operations }) {
    const [id, reviewer] = [requireField(form, 'review'), requireField(form, 'reviewer')];
    if (form.one('sure') === undefined) {
      return askQuestion(
        frame,
        withdraw.path,
        { review: id, reviewer },
        {
          title: `Withdraw the link of ${shortenText(reviewer, 100)}?`,
          says: 'It ends at once, and no more mails are sent to this reviewer, who can still sign in. Answers that came by it stay. This cannot be undone.',
          button: 'Withdraw the link',
        },
      );
    }
    await operations.withdrawReviewLinks({ id, reviewer });
    return { kind: 'go', to: pathOfReview(id) };
  },
};

/** Signs a campaign off. */
const signOff: ActionEntry = {
  path: '/actions/review/sign-off',
  what: 'signOffReview',
  async run({ frame, form }, { operations }) {
    const id = requireField(form, 'review');
    const reason = readReason(form);
    if (form.one('sure') === undefined || reason === undefined) {
      return askQuestion(
        frame,
        signOff.path,
        { review: id },
        {
          title: 'Sign off this review?',
          says: 'Your name stands under the whole review, with what is unanswered as unanswered. It closes, and this cannot be undone.',
          button: 'Sign off',
          reason: 'What you state by it, for auditors',
        },
      );
    }
    await operations.signOffReview({ id, reason });
    return { kind: 'go', to: pathOfReview(id) };
  },
};

/** Closes a campaign without a signature. */
const close: ActionEntry = {
  path: '/actions/review/close',
  what: 'closeReview',
  async run({ frame, form }, { operations }) {
    const id = requireField(form, 'review');
    const reason = readReason(form);
    if (form.one('sure') === undefined || reason === undefined) {
      return askQuestion(
        frame,
        close.path,
        { review: id },
        {
          title: 'Close this review without a signature?',
          says: 'Links end, and no more answers are taken. It can still be signed off later. This cannot be undone.',
          button: 'Close the review',
          reason: 'Why it ends now, for auditors',
        },
      );
    }
    await operations.closeReview({ id, reason });
    return { kind: 'go', to: pathOfReview(id) };
  },
};

/** Every action of an operator on reviews. */
export const reviewActions: readonly ActionEntry[] = [start, remind, withdraw, signOff, close];

function readReason(form: FormFields): string | undefined {
  const given =
    form
      .one('reason')
      ?.replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim() ?? '';
  if (given === '') return undefined;
  if (given.length <= 1_000) return given;
  throw new ProblemError({ status: 400, detail: 'reason: has over 1,000 characters' });
}
