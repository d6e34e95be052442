import { alerts } from '../../../operations/alerts/alerts.ts';
import { listActive, toInput } from '../forms/filter-state.ts';
import { readListed } from '../forms/read-listed.ts';
import type { PageEntry } from '../page-entry.ts';
import { renderAlerts } from './alerts-page.tsx';

const path = '/alerts';
const shownAtOnce = 50;
const filters = ['channel', 'state', 'type', 'sweep'];

/** `/alerts`: what went where and when, what waits and why, and what failed. */
export const alertsPage: PageEntry = {
  path,
  async show({ frame, query }, { operations, config }) {
    const listed = await readListed({
      ...{ path, query, limit: shownAtOnce },
      input: alerts.input,
      asked: toInput(query, filters),
      read: (input, asked) => operations.alerts(input).page(asked),
    });
    const { items, ...place } = listed;
    const html = renderAlerts(frame, {
      ...{ now: frame.at, query, alerts: items, ...place },
      held: await operations.heldSweeps({}),
      active: listActive(path, query),
      channels: config.alerts.channels.map(({ id }) => id),
    });
    return { html, status: listed.wrong === undefined ? 200 : 400 };
  },
};
