import { requireField } from '../forms/form-fields.ts';
import { asPage, type PageEntry } from '../page-entry.ts';
import { pathOfRequest, pathOfSweep, withQuery } from '../paths.ts';
import type { ActionAnswer, ActionEntry } from './action-entry.ts';
import { onceOf } from './audit-keys.ts';
import { type Question, renderQuestion } from './question-page.tsx';

/** Sweeps every tracked key now. */
export const sweepNow: ActionEntry = {
  path: '/actions/sweep',
  what: 'sweep',
  async run({ form }, { operations }) {
    const asked = { reason: 'asked for on a page', requestedBy: null };
    const { request } = await operations.sweep(asked, onceOf(form, 'sweep'));
    return { kind: 'go', to: pathOfRequest(request) };
  },
};

/** Ends a running sweep; what it has not judged is then unknown. */
export const stopSweepNow: ActionEntry = {
  path: '/actions/stop',
  what: 'stopSweep',
  async run({ form }, { operations }) {
    const id = requireField(form, 'sweep');
    if (form.one('sure') === undefined) return askFirst(stopPage, id);
    const { sweep } = await operations.stopSweep({ id });
    return { kind: 'go', to: pathOfSweep(sweep) };
  },
};

export const stopPage = questionOfSweep(stopSweepNow, {
  title: 'Stop this sweep?',
  says: 'It closes as incomplete: keys without a verdict are unknown. This cannot be undone.',
  button: 'Stop the sweep',
});

/** Sends the alerts of a held sweep. */
export const releaseHeld: ActionEntry = {
  path: '/actions/release',
  what: 'release',
  async run({ form }, { operations }) {
    const id = requireField(form, 'sweep');
    if (form.one('sure') === undefined) return askFirst(releasePage, id);
    await operations.release({ id });
    return { kind: 'go', to: pathOfSweep(id) };
  },
};

export const releasePage = questionOfSweep(releaseHeld, {
  title: 'Release the alerts of this sweep?',
  says: 'All changes that it found are alerted now. This cannot be undone.',
  button: 'Release the alerts',
});

/** Sends an alert again. */
export const retryAlertNow: ActionEntry = {
  path: '/actions/retry',
  what: 'retryAlert',
  async run({ form }, { operations }) {
    await operations.retryAlert({ id: requireField(form, 'alert') });
    return { kind: 'go', to: '/alerts' };
  },
};

/** The page of a question, which has an address of its own: one can go back to it. */
function questionOfSweep(
  { path, what }: ActionEntry,
  words: Pick<Question, 'title' | 'says' | 'button'>,
): PageEntry {
  return {
    ...{ path, what },
    async show({ frame, query }) {
      const sweep = query.get('sweep');
      if (sweep === null) return undefined;
      const question = { ...words, action: path, fields: { sweep }, back: pathOfSweep(sweep) };
      return asPage(renderQuestion(frame, question));
    },
  };
}

function askFirst({ path }: PageEntry, sweep: string): ActionAnswer {
  return { kind: 'go', to: withQuery(path, { sweep }) };
}
