import { readSweptKeys } from '../../../record/reads/pages/read-swept-keys.ts';
import { asPage, type PageEntry } from '../page-entry.ts';
import { readSweep } from './read-sweep.ts';
import { renderSweep } from './sweep-page.tsx';

/** As many keys of a re-audit are listed. */
const mostKeys = 100;

/** `/sweeps/{id}`: how far a sweep has come, or what it found, and its reports. */
export const sweepPage: PageEntry = {
  path: '/sweeps/:id',
  async show({ frame, params }, { database }) {
    const facts = await readSweep(database, params['id'] ?? '');
    if (facts === undefined) return undefined;
    const isSmall = facts.scope === 'partial' && facts.coverage.tracked <= mostKeys;
    const keys = isSmall ? await readSweptKeys(database, facts.id, mostKeys) : undefined;
    return asPage(renderSweep(frame, facts, keys));
  },
};
