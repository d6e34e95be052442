import { findingOrders, findings } from '../../../operations/findings/findings.ts';
import { listChoices } from '../lists/filter-choices.ts';
import { asListPage, readList } from '../lists/read-list.ts';
import type { PageEntry } from '../page-entry.ts';
import type { FindingSort } from './findings-model.ts';
import { renderFindings } from './findings-page.tsx';

const path = '/findings';
const shownAtOnce = 50;
const filters = [
  ...['text', 'status', 'severity', 'rule', 'owner', 'source'],
  ...['environment', 'tag', 'key', 'verdict', 'sort'],
];

/** `/findings`: open findings, unless the query asks for others. */
export const findingsPage: PageEntry = {
  path,
  async show({ frame, query }, { operations, config }) {
    const list = await readList({
      ...{ path, query, filters, limit: shownAtOnce },
      input: findings.input,
      instead: statusesOf(query),
      read: (input, asked) => operations.findings(input).page(asked),
    });
    const html = renderFindings(frame, {
      ...{ ...list, sort: sortOf(query) },
      choices: await listChoices(config),
    });
    return asListPage(html, list);
  },
};

function sortOf(query: URLSearchParams): FindingSort {
  return findingOrders.find((one) => one === query.get('sort')) ?? 'severity';
}

function statusesOf(query: URLSearchParams) {
  const asked = query.getAll('status').filter((status) => status !== '');
  if (asked.includes('any')) return { status: [] };
  return { status: asked.length === 0 ? ['open'] : asked };
}
