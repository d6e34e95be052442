import { findingOrders, findings } from '../../../operations/findings/findings.ts';
import { listChoices } from '../forms/filter-choices.ts';
import { listActive, toInput } from '../forms/filter-state.ts';
import { readListed } from '../forms/read-listed.ts';
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
    const listed = await readListed({
      ...{ path, query, limit: shownAtOnce },
      input: findings.input,
      asked: { ...toInput(query, filters), ...statusesOf(query) },
      read: (input, asked) => operations.findings(input).page(asked),
    });
    const { items, ...place } = listed;
    const html = renderFindings(frame, {
      ...{ now: frame.at, query, sort: sortOf(query), findings: items, ...place },
      active: listActive(path, query),
      choices: listChoices(config),
    });
    return { html, status: listed.wrong === undefined ? 200 : 400 };
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
