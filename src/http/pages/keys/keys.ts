import { keys } from '../../../operations/keys/keys.ts';
import { listChoices } from '../forms/filter-choices.ts';
import { listActive, toInput } from '../forms/filter-state.ts';
import { readListed } from '../forms/read-listed.ts';
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
    const listed = await readListed({
      ...{ path, query, limit: shownAtOnce },
      input: keys.input,
      asked: toInput(query, filters),
      read: (input, asked) => operations.keys(input).page(asked),
    });
    const { items, ...place } = listed;
    const html = renderKeys(frame, {
      ...{ now: frame.at, query, keys: items, tracked: config.inventory.length, ...place },
      active: listActive(path, query),
      choices: listChoices(config),
    });
    return { html, status: listed.wrong === undefined ? 200 : 400 };
  },
};
