import { z } from 'zod';
import { readKeyTypes, readScopedKeys } from '../../../record/reads/pages/read-scoped-keys.ts';
import { listChoices } from '../lists/filter-choices.ts';
import { asListPage, readList } from '../lists/read-list.ts';
import type { PageEntry } from '../page-entry.ts';
import { planMatrix } from './plan-matrix.ts';
import { renderScopes } from './scopes-page.tsx';

const path = '/scopes';
const shownAtOnce = 50;
const mostColumns = 24;
const name = z.string().max(1_000).optional();
const input = z.strictObject({ owner: name, type: name, environment: name, source: name });

/** `/scopes`: which keys have which scopes. */
export const scopesPage: PageEntry = {
  path,
  async show({ frame, query }, { database, config }) {
    const list = await readList({
      ...{ path, query, filters: Object.keys(input.shape), limit: shownAtOnce, input },
      read: ({ owner, type, environment, source }, asked) =>
        readScopedKeys(database, { owner, type, environment, source }, asked),
    });
    const html = renderScopes(frame, {
      ...{ ...list, matrix: planMatrix(list.items, mostColumns) },
      choices: await listChoices(config),
      types: await readKeyTypes(database),
    });
    return asListPage(html, list);
  },
};
