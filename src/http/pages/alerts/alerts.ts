import { alerts } from '../../../operations/alerts/alerts.ts';
import { asListPage, readList } from '../lists/read-list.ts';
import type { PageEntry } from '../page-entry.ts';
import { renderAlerts } from './alerts-page.tsx';

const path = '/alerts';
const shownAtOnce = 50;
const filters = ['channel', 'state', 'type', 'sweep'];

/** `/alerts`: what went where and when, what waits and why, and what failed. */
export const alertsPage: PageEntry = {
  path,
  async show({ frame, query }, { operations, config }) {
    const list = await readList({
      ...{ path, query, filters, limit: shownAtOnce },
      input: alerts.input,
      read: (input, asked) => operations.alerts(input).page(asked),
    });
    const html = renderAlerts(frame, {
      ...list,
      held: await operations.heldSweeps({}),
      channels: config.alerts.channels.map(({ id }) => id),
    });
    return asListPage(html, list);
  },
};
