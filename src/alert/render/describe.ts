import type { Coverage } from '../../keys/coverage.ts';
import { renderCount } from '../../text/render-count.ts';
import {
  type AlertSweep,
  changeArrays,
  type FindingsChanged,
  type Message,
  type SweepIncomplete,
  type SweepRecovered,
} from '../message.ts';
import type { AlertReview, ReviewAsked, ReviewEscalated } from '../review-message.ts';

/** A message in words, for people. It is unescaped, because each channel escapes differently. */
export interface Description {
  /** One short line. The only outside names in it are our ids and those of the configuration. */
  readonly title: string;
  /** Sentences with the rest, without the findings. */
  readonly lines: readonly string[];
}

/** The word for each array of changes in a count. */
const words: Readonly<Record<(typeof changeArrays)[number], string>> = {
  opened: 'opened',
  reopened: 'reopened',
  resolved: 'resolved',
  lapsed: 'no longer waived',
  waived: 'waived',
  reminders: 'still open',
};

/** Stands above a checkpoint. */
export const checkpointHeading = 'Checkpoint of the evidence log:';

/** The heading over each array of changes. */
export const headings: Readonly<Record<(typeof changeArrays)[number], string>> = {
  opened: 'Opened',
  reopened: 'Reopened',
  resolved: 'Resolved',
  lapsed: 'No longer waived',
  waived: 'Waived',
  reminders: 'Still open',
};

const recoveredTitles: Readonly<Record<SweepRecovered['how'], string>> = {
  withdrawn: 'What was held back has gone back to what it was',
  confirmed: 'The next sweep found what was held back, too',
  released: 'What was held back was released',
};

const mostFiles = 5;
/** Enough to begin with, and few enough for every channel. */
const mostMistakes = 5;

function moreMistakes(more: number): readonly string[] {
  return more > 0 ? [`And ${renderCount(more, 'more mistake')}.`] : [];
}

type DataOf<T extends Message['type']> = Extract<Message, { readonly type: T }>['data'];

const descriptions: {
  readonly [T in Message['type']]: (data: DataOf<T>) => Description;
} = {
  'findings.changed': describeChanges,
  'sweep.incomplete': (data) => ({
    title: incompleteTitle(data),
    lines: [
      describeSweep(data.sweep),
      describeCoverage(data.coverage),
      ...(data.coverage.unknown === 0 ? [] : [`To ask again: ${againCommand}.`]),
    ],
  }),
  'sweep.missed': ({ schedule, count, firstDueAt, lastDueAt }) => ({
    title: `${renderCount(count, 'sweep')} of schedule ${schedule} missed`,
    lines: [
      count === 1
        ? `It was due at ${firstDueAt}.`
        : `The first was due at ${firstDueAt}, the last at ${lastDueAt}.`,
      `Nothing was audited for them. To audit now: ${againCommand}.`,
    ],
  }),
  'sweep.anomaly': ({ sweep, coverage, changed, compared, detail, held, release }) => ({
    title: `${changed} of ${renderCount(compared, 'key')} changed in one sweep; ${renderCount(held, 'change')} held back`,
    lines: [
      `Likely cause: ${detail}.`,
      describeSweep(sweep),
      describeCoverage(coverage),
      `To send them now: ${release}. The next sweep sends them if it finds the same.`,
    ],
  }),
  'sweep.recovered': ({ sweep, coverage, anomaly, how, withdrawn }) => ({
    title: recoveredTitles[how],
    lines: [
      how === 'withdrawn'
        ? `The changes of ${renderCount(withdrawn, 'finding')} in sweep ${anomaly} went back; no alert is sent for them.`
        : `The changes of sweep ${anomaly} are sent now.`,
      describeSweep(sweep),
      describeCoverage(coverage),
    ],
  }),
  'config.rejected': ({ kind, files, mistakes, omitted }) => ({
    title: `The changed ${kind} has mistakes and is not used`,
    lines: [
      `The ${kind} that was read before stays in use (${files.slice(0, mostFiles).join(', ')}).`,
      ...mistakes.slice(0, mostMistakes).map((line) => `- ${line}`),
      ...moreMistakes(mistakes.length + omitted - mostMistakes),
      'keysweep config validate prints every mistake.',
    ],
  }),
  'inventory.held': ({ files, store, tracked, kept, listed, accept }) => ({
    title: `The changed inventory is held: it lacks ${tracked - kept} of ${renderCount(tracked, 'tracked key')}`,
    lines: [
      `It lists ${renderCount(listed, 'key')} (${files.slice(0, mostFiles).join(', ')}). The store is ${store}.`,
      'Sweeps go on with the keys that were tracked before.',
      `If this is the right file and the right store, accept it: ${accept}`,
    ],
  }),
  'channel.failed': ({ channel, alert, attempts, detail }) => ({
    title: `Channel ${channel} did not take an alert`,
    lines: [
      `After ${renderCount(attempts, 'attempt')}: ${detail}.`,
      `keysweep alerts retry ${alert.id} sends it again (${alert.type}).`,
      'Other alerts of the same sweep may fail too, without a message for each: keysweep alerts list --state failed.',
    ],
  }),
  'review.asked': describeAsked,
  'review.escalated': describeEscalated,
  test: ({ channel }) => ({
    title: `Channel ${channel} works`,
    lines: ['This is a test; nothing has happened.'],
  }),
};

const againCommand = 'keysweep sweep';

/** A key of which one rule is unknown was audited, though it has no verdict. */
function incompleteTitle({ coverage, unknowns }: SweepIncomplete): string {
  if (coverage.unknown === 0) return 'Every key could be audited again';
  const keys = renderCount(coverage.unknown, 'key');
  const inPart = unknowns.filter(({ rule }) => rule !== null).length;
  if (inPart === 0) return `${keys} could not be audited`;
  return inPart === unknowns.length
    ? `${keys} could not be judged by every rule`
    : `${keys} could not be audited, or not judged by every rule`;
}

export function describeMessage(message: Message): Description {
  const describe = descriptions[message.type] as (data: Message['data']) => Description;
  return describe(message.data);
}

function describeAsked({ review, reviewer, reminder, unanswered }: ReviewAsked): Description {
  const keys = renderCount(unanswered, 'key waits', 'keys wait');
  return {
    title: `${reminder ? 'Reminder: ' : ''}${keys} for your answer in review ${review.review}, until ${dayOf(review)}`,
    lines: [
      `${reviewer}, please decide on each key: keep it, reduce what it may do, revoke it, or say that it is not yours. Give a reason each time.`,
      'Without an answer a key counts as unanswered, never as kept. Nothing changes at the vendor by your answer alone.',
      ...whereReviewIs(review),
    ],
  };
}

const escalations: Readonly<Record<ReviewEscalated['because'], (counted: string) => string>> = {
  overdue: (counted) => `${counted} without an answer`,
  'nobody-to-ask': (counted) => `${counted} with nobody to ask`,
  'no-key': () => 'it lists no key',
};

function whyEscalated(data: ReviewEscalated): string {
  const { review, because, keys } = data;
  switch (because) {
    case 'overdue':
      return `Answers were due until ${dayOf(review)}. The review lists ${renderCount(keys, 'key')}.`;
    case 'nobody-to-ask':
      return 'Nobody has a mail address for these keys, so nobody was written to.';
    case 'no-key':
      return 'No tracked key matched when it opened, so nobody was asked and nothing is reviewed. Look at the match of this review, and at the inventory.';
  }
}

const mostOwners = 10;

function describeEscalated(data: ReviewEscalated): Description {
  const { review, because, unanswered, owners, omitted } = data;
  const counted = renderCount(unanswered, 'key');
  const left = owners.length + omitted - mostOwners;
  return {
    title: `Review ${review.review}: ${escalations[because](counted)}`,
    lines: [
      whyEscalated(data),
      ...owners
        .slice(0, mostOwners)
        .map((one) => `- ${one.owner ?? 'keys without an owner'}: ${one.unanswered}`),
      ...(left > 0 ? [`And ${renderCount(left, 'more owner')}.`] : []),
      ...whereReviewIs(review),
    ],
  };
}

function dayOf({ answerBy }: AlertReview): string {
  return answerBy.slice(0, 10);
}

/** Where there are pages, each channel shows the address as a link. */
function whereReviewIs({ id, page }: AlertReview): readonly string[] {
  return page === null ? [`keysweep reviews show ${id}`] : [];
}

function describeChanges(data: FindingsChanged): Description {
  const counts = changeArrays
    .filter((name) => data[name].length > 0)
    .map((name) => `${data[name].length} ${words[name]}`);
  const part = data.parts > 1 ? ` (part ${data.part} of ${data.parts})` : '';
  return {
    title: `Findings: ${counts.join(', ')}${part}`,
    lines: [describeSweep(data.sweep), describeCoverage(data.coverage)],
  };
}

function describeSweep({ id, trigger, schedule, scope, simulated }: AlertSweep): string {
  const of = schedule === null ? 'on request' : `of schedule ${schedule}`;
  const late = trigger === 'catch-up' ? ', late' : '';
  const invented = simulated === true ? ' It was SIMULATED: no vendor was asked.' : '';
  return `${scope === 'full' ? 'Sweep' : 'Re-audit'} ${id} ${of}${late}.${invented}`;
}

export function describeCoverage({ tracked, audited, unknown }: Coverage): string {
  return `${audited} of ${renderCount(tracked, 'key')} audited, ${unknown} unknown.`;
}
