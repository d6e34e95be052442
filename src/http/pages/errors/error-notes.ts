import { otherOriginCode } from '../../guard/check-request.ts';
import type { Problem } from '../../problems/problem.ts';
import { staleFormCode } from '../../session/check-form.ts';
import type { ErrorNote } from './error-page.tsx';

const notes: Readonly<Record<number, ErrorNote>> = {
  401: {
    title: 'Sign in first',
    says: 'This page is for people who have signed in to this keysweep.',
  },
  404: {
    title: 'There is no such page',
    says: 'Nothing has this address. What it named may have been removed.',
  },
  421: {
    title: 'keysweep does not know this address',
    says: 'It answers under its own names only. Use its usual address; whoever runs it can add this one with http.publicUrl or http.hosts in keysweep.yaml.',
  },
  503: {
    title: 'The store does not answer',
    says: 'keysweep cannot read its records at the moment. Try again in some seconds.',
  },
};

const notesOfCodes: Readonly<Record<string, ErrorNote>> = {
  [staleFormCode]: {
    title: 'This form is out of date',
    says: 'Nothing was changed. You signed in again after its page was made. Load the page again, and repeat what you wanted.',
  },
  [otherOriginCode]: {
    title: 'Another site sent this',
    says: 'Nothing was changed: keysweep takes requests from its own pages only. If you used one of its pages, compare the address in your browser with http.publicUrl in keysweep.yaml.',
  },
};

const broken: ErrorNote = {
  title: 'This page could not be made',
  says: 'Something went wrong in keysweep. Its log says what.',
};

/** What the page of an error says. `problem`: what is known of a request that cannot be answered. */
export function errorNoteOf(status: number, problem: Problem | undefined): ErrorNote {
  const { detail, code } = problem ?? {};
  const note = notesOfCodes[code ?? ''] ?? notes[status];
  if (note !== undefined) return note;
  if (status === 403)
    return { title: 'Not permitted', says: toSentence(detail ?? 'your role does not permit this') };
  if (status >= 500 || detail === undefined) return broken;
  if (status === 413) return { title: 'This form is too large', says: tooLarge(detail) };
  return { title: 'This cannot be done', says: toSentence(detail) };
}

function toSentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

function tooLarge(detail: string): string {
  return `Nothing was changed: ${detail}. Go back, and send less at once.`;
}
