import { z } from 'zod';
import { readKeyTypes, readScopedKeys } from '../../../record/reads/pages/read-scoped-keys.ts';
import { listChoices } from '../forms/filter-choices.ts';
import { listActive, toInput } from '../forms/filter-state.ts';
import { readListed } from '../forms/read-listed.ts';
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
    const listed = await readListed({
      ...{ path, query, limit: shownAtOnce, input },
      asked: toInput(query, ['owner', 'type', 'environment', 'source']),
      read: ({ owner, type, environment, source }, asked) =>
        readScopedKeys(database, { owner, type, environment, source }, asked),
    });
    const { items, ...place } = listed;
    const html = renderScopes(frame, {
      ...{ query, matrix: planMatrix(items, mostColumns), ...place },
      active: listActive(path, query),
      choices: listChoices(config),
      types: await readKeyTypes(database),
    });
    return { html, status: listed.wrong === undefined ? 200 : 400 };
  },
};
