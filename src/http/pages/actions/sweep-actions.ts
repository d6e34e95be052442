import { requireField } from '../forms/form-fields.ts';
import { pathOfRequest, pathOfSweep } from '../paths.ts';
import type { ActionEntry } from './action-entry.ts';
import { onceOf } from './audit-keys.ts';
import { renderQuestion } from './question-page.tsx';

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
  async run({ frame, form }, { operations }) {
    const id = requireField(form, 'sweep');
    if (form.one('sure') === undefined) {
      const html = renderQuestion(frame, {
        title: 'Stop this sweep?',
        says: 'It closes as incomplete: keys without a verdict are unknown. This cannot be undone.',
        ...{ action: stopSweepNow.path, fields: { sweep: id }, button: 'Stop the sweep' },
        back: pathOfSweep(id),
      });
      return { kind: 'page', html };
    }
    const { sweep } = await operations.stopSweep({ id });
    return { kind: 'go', to: pathOfSweep(sweep) };
  },
};

/** Sends the alerts of a held sweep. */
export const releaseHeld: ActionEntry = {
  path: '/actions/release',
  what: 'release',
  async run({ frame, form }, { operations }) {
    const id = requireField(form, 'sweep');
    if (form.one('sure') === undefined) {
      const html = renderQuestion(frame, {
        title: 'Release the alerts of this sweep?',
        says: 'All changes that it found are alerted now. This cannot be undone.',
        ...{ action: releaseHeld.path, fields: { sweep: id }, button: 'Release the alerts' },
        back: pathOfSweep(id),
      });
      return { kind: 'page', html };
    }
    await operations.release({ id });
    return { kind: 'go', to: pathOfSweep(id) };
  },
};

/** Sends an alert again. */
export const retryAlertNow: ActionEntry = {
  path: '/actions/retry',
  what: 'retryAlert',
  async run({ form }, { operations }) {
    await operations.retryAlert({ id: requireField(form, 'alert') });
    return { kind: 'go', to: '/alerts' };
  },
};
