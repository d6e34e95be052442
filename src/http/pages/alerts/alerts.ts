import { describeChannel } from '../../../alert/channels/index.ts';
import type { ChannelTest } from '../../../alert/try-channel.ts';
import { alerts } from '../../../operations/alerts/alerts.ts';
import type { Frame } from '../layout/page.tsx';
import { asListPage, readList } from '../lists/read-list.ts';
import type { PageAnswer, PageEntry, PageReads } from '../page-entry.ts';
import { renderAlerts } from './alerts-page.tsx';

const path = '/alerts';
const shownAtOnce = 50;
const filters = ['channel', 'state', 'type', 'sweep'];

/** `/alerts`: what went where and when, what waits and why, and what failed. */
export const alertsPage: PageEntry = {
  path,
  async show({ frame, query }, reads) {
    return showAlerts(frame, { query, tested: undefined }, reads);
  },
};

interface AlertsAsked {
  readonly query: URLSearchParams;
  /** What came of a test message that was just sent. */
  readonly tested: ChannelTest | undefined;
}

export async function showAlerts(
  frame: Frame,
  { query, tested }: AlertsAsked,
  { operations, config }: PageReads,
): Promise<PageAnswer> {
  const list = await readList({
    ...{ path, query, filters, limit: shownAtOnce },
    input: alerts.input,
    read: (input, asked) => operations.alerts(input).page(asked),
  });
  const html = renderAlerts(frame, {
    ...{ ...list, tested },
    held: await operations.heldSweeps({}),
    channels: config.alerts.channels.map(({ id, type }) => {
      return { id, type, note: describeChannel(type).testNote };
    }),
  });
  return asListPage(html, list);
}
