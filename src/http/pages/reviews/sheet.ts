import { mayDecide } from '../../../operations/reviews/reviewer.ts';
import { asPage, type PageEntry } from '../page-entry.ts';
import { pathOfSheet } from '../paths.ts';
import { decideAction } from './decide-path.ts';
import { findSheet, readSheetPart, whyClosed } from './read-sheet.ts';
import { renderSheet } from './sheet-page.tsx';

const notTheirs = 'You are not asked about these keys: their owner, or an operator, answers.';

/** `/reviews/{id}/{sheet}`: the keys of one owner, with the form to answer for whoever may. */
export const sheetPage: PageEntry = {
  path: '/reviews/:id/:sheet',
  async show({ frame, params, query }, { database, config }) {
    const found = await findSheet(database, params['id'] ?? '', params['sheet'] ?? '');
    if (found === undefined) return undefined;
    const { review, sheet } = found;
    const path = pathOfSheet(review.id, sheet.sheet);
    const { place, ...part } = await readSheetPart(database, found, path, query);
    const may = frame.caller !== undefined && mayDecide(frame.caller, sheet, config.owners);
    const closed = whyClosed(found) ?? (may ? undefined : notTheirs);
    const html = renderSheet(frame, {
      ...{ ...part, review, sheet, closed },
      action: closed === undefined ? decideAction : undefined,
      token: frame.formToken,
      hidden: { review: review.id, sheet: String(sheet.sheet), ...place },
      hasKeyPages: true,
      sentTo: undefined,
    });
    return asPage(html);
  },
};
