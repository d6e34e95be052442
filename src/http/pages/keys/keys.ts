import { keys } from '../../../operations/keys/keys.ts';
import { listChoices } from '../lists/filter-choices.ts';
import { asListPage, readList } from '../lists/read-list.ts';
import type { PageEntry } from '../page-entry.ts';
import { renderKeys } from './keys-page.tsx';

const path = '/keys';
const shownAtOnce = 100;
const filters = [
  ...['text', 'verdict', 'owner', 'environment', 'source', 'tag', 'key'],
  ...['rule', 'status', 'severity'],
];

/** `/keys`: the tracked keys with their newest verdict. */
export const keysPage: PageEntry = {
  path,
  async show({ frame, query }, { operations, config }) {
    const list = await readList({
      ...{ path, query, filters, limit: shownAtOnce },
      input: keys.input,
      read: (input, asked) => operations.keys(input).page(asked),
    });
    const html = renderKeys(frame, {
      ...list,
      tracked: config.inventory.count,
      choices: await listChoices(config),
    });
    return asListPage(html, list);
  },
};
