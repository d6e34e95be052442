import { type CommandEntry, option } from '../command-entry.ts';
import { askedListOptions, config, quiet, server } from '../options.ts';
import { parseLimit } from '../parse-option.ts';

const reviewId = 'the id of a campaign, or a unique beginning of it';
const by = option('--by <who>', 'who asks for it; nobody checks the name');

/** The commands about access reviews. */
export const reviewCommands: readonly CommandEntry[] = [
  { name: 'reviews', about: 'access reviews, in which owners decide on their keys' },
  {
    name: 'reviews list',
    about: 'list the campaigns of access reviews, newest first, with their answers',
    options: [
      ...askedListOptions,
      option('--limit <count>', 'list at most this number of campaigns', 100).argParser(parseLimit),
    ],
    load: async () => (await import('./reviews-list.ts')).runReviewsList,
  },
  {
    name: 'reviews start',
    about: 'open a campaign of a review now, and write to its reviewers',
    words: [{ form: '<review>', about: 'the id of a review in the configuration' }],
    options: [config, server, by, quiet],
    load: async () => (await import('./change-reviews.ts')).runReviewsStart,
  },
  {
    name: 'reviews show',
    about: 'print who is asked in a campaign, and how far the answers have come',
    words: [{ form: '<id>', about: reviewId }],
    options: askedListOptions,
    load: async () => (await import('./print-review.ts')).runReviewsShow,
  },
  {
    name: 'reviews remind',
    about: 'write again to every reviewer who has keys to answer',
    words: [{ form: '<id>', about: reviewId }],
    options: [config, server, quiet],
    load: async () => (await import('./change-reviews.ts')).runReviewsRemind,
  },
  {
    name: 'reviews withdraw',
    about: 'end the links that were mailed to a reviewer of a campaign',
    words: [
      { form: '<id>', about: reviewId },
      { form: '<reviewer>', about: 'the name of the reviewer, as reviews show prints it' },
    ],
    options: [config, server, by, quiet],
    load: async () => (await import('./change-reviews.ts')).runReviewsWithdraw,
  },
  {
    name: 'reviews close',
    about: 'end a campaign; with --sign-off, sign it as a whole',
    words: [{ form: '<id>', about: reviewId }],
    options: [
      config,
      server,
      by,
      option('--reason <why>', 'the reason, for auditors').makeOptionMandatory(),
      option('--sign-off', 'sign it off, as somebody who decided nothing in it', false),
      quiet,
    ],
    load: async () => (await import('./change-reviews.ts')).runReviewsClose,
  },
];
