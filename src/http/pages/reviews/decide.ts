import { ProblemError } from '../../problems/problem.ts';
import type { ActionEntry } from '../actions/action-entry.ts';
import { requireField } from '../forms/form-fields.ts';
import { pathOfSheet } from '../paths.ts';
import { renderConfirm } from './confirm-page.tsx';
import { decideAction } from './decide-path.ts';
import { readDecisions, readPlaces } from './read-decisions.ts';
import { findSheet, pathBack, readSheetKeys } from './read-sheet.ts';

/** Shows the answers of a form, and keeps them when they are confirmed. */
export const decideOnPage: ActionEntry = {
  path: decideAction,
  what: 'decideReview',
  async run({ frame, form }, { database, operations }) {
    const number = requireField(form, 'sheet');
    const found = await findSheet(database, requireField(form, 'review'), number);
    if (found === undefined) {
      throw new ProblemError({ status: 404, detail: 'this review is not kept' });
    }
    const { id } = found.review;
    const keys = await readSheetKeys(database, found, readPlaces(form));
    const decisions = readDecisions(form, keys);
    const { back, hidden: place, after } = pathBack(pathOfSheet(id, found.sheet.sheet), form);
    if (form.one('sure') === undefined || decisions.length === 0) {
      const hidden = { review: id, sheet: number, ...place };
      const html = renderConfirm(frame, { decisions, back, hidden, action: decideAction });
      return { kind: 'page', html };
    }
    const { decided } = await operations.decideReview({
      id,
      decisions: decisions.map(({ key: { source, keyId }, decision, reason }) => ({
        ...{ source, keyId, decision, reason },
      })),
    });
    return { kind: 'go', to: after(decided) };
  },
};
