import { renderCount } from '../../../text/render-count.ts';
import type { AskedSheet, ReviewAsked, ReviewEscalated } from '../../review-message.ts';
import { inertWords } from './inert-words.ts';
import type { LetterFact, LetterSection } from './letter.ts';

const longestName = 150;

/** What waits for a reviewer, by owner, with the address to answer at. */
export function askedSections({ review, sheets }: ReviewAsked): readonly LetterSection[] {
  const entries = sheets.map((sheet) => ({
    severity: null,
    title: sheet.owner === null ? 'Keys without an owner' : inertWords(sheet.owner, longestName),
    message: countKeys(sheet),
    facts: factsOf(sheet.link, 'Answer here', review.page),
  }));
  return [{ title: 'Your keys', entries }];
}

export function escalatedSections({ review }: ReviewEscalated): readonly LetterSection[] {
  if (review.page === null) return [];
  const facts = factsOf(null, '', review.page);
  return [
    {
      title: 'The review',
      entries: [{ severity: null, title: review.review, message: '', facts }],
    },
  ];
}

function countKeys({ keys, unanswered }: AskedSheet): string {
  const all = renderCount(keys, 'key');
  return keys === unanswered ? `${all}, no answer yet` : `${all}, ${unanswered} without an answer`;
}

function factsOf(link: string | null, words: string, page: string | null): readonly LetterFact[] {
  const own: readonly LetterFact[] =
    link === null ? [] : [{ label: words, value: link, link: true }];
  const label = link === null ? 'Page' : 'Signed in';
  return [...own, ...(page === null ? [] : [{ label, value: page, link: true }])];
}

/** Whoever has the address can answer with it. */
export function reviewNotes({ review, sheets, omitted }: ReviewAsked): readonly string[] {
  const linked = sheets.some(({ link }) => link !== null);
  const left = omitted === 0 ? [] : [tellOmitted(review, omitted)];
  if (!linked) return left;
  return [
    ...left,
    'The links are for you alone: whoever has one can answer in your name. Do not forward this mail. They end with the review.',
  ];
}

function tellOmitted({ id, page }: ReviewAsked['review'], omitted: number): string {
  const more = renderCount(omitted, 'more owner');
  return page === null
    ? `${more}: keysweep reviews show ${id}`
    : `${more} on the page of the review.`;
}
