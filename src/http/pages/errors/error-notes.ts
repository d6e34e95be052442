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
  503: {
    title: 'The store does not answer',
    says: 'keysweep cannot read its records at the moment. Try again in some seconds.',
  },
};

const broken: ErrorNote = {
  title: 'This page could not be made',
  says: 'Something went wrong in keysweep. Its log says what.',
};

/** What the page of an error says. `detail`: what is known of a request that cannot be answered. */
export function errorNoteOf(status: number, detail: string | undefined): ErrorNote {
  if (status === 403)
    return { title: 'Not permitted', says: `${detail ?? 'Your role does not permit this'}.` };
  const note = notes[status];
  if (note !== undefined) return note;
  if (status >= 500 || detail === undefined) return broken;
  return { title: 'This cannot be done', says: `${detail}.` };
}
