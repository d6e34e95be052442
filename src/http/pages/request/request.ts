import { asPage, type PageEntry } from '../page-entry.ts';
import { renderRequest } from './request-page.tsx';

/** `/requests/{id}`: how far the sweep that somebody asked for has come. */
export const requestPage: PageEntry = {
  path: '/requests/:id',
  async show({ frame, params }, { operations }) {
    const id = params['id'] ?? '';
    const progress = await operations.progress({ id });
    return progress === undefined ? undefined : asPage(renderRequest(frame, { id, progress }));
  },
};
