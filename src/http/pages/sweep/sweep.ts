import { readSweepFacts } from '../../../record/reads/pages/read-sweep-page.ts';
import { asPage, type PageEntry } from '../page-entry.ts';
import { renderSweep } from './sweep-page.tsx';

/** `/sweeps/{id}`: how far a sweep has come, or what it found, and its reports. */
export const sweepPage: PageEntry = {
  path: '/sweeps/:id',
  async show({ frame, params }, { database }) {
    const facts = await readSweepFacts(database, params['id'] ?? '');
    return facts === undefined ? undefined : asPage(renderSweep(frame, facts));
  },
};
