import { sweeps } from '../../../operations/sweeps/sweeps.ts';
import { readNights } from '../../../record/reads/pages/read-nights.ts';
import { asListPage, readList } from '../lists/read-list.ts';
import { planNights } from '../nights/plan-nights.ts';
import type { PageEntry } from '../page-entry.ts';
import { renderSweeps } from './sweeps-page.tsx';

const path = '/sweeps';
const shownAtOnce = 50;
const calendarNights = 182;
const dayMs = 86_400_000;
const filters = ['schedule', 'status', 'scope', 'trigger'];

/** `/sweeps`: a calendar of nights, and every sweep. */
export const sweepsPage: PageEntry = {
  path,
  async show({ frame, query }, { operations, config, database }) {
    const timezone = config.schedules[0]?.timezone ?? 'UTC';
    const since = new Date(frame.at.getTime() - (calendarNights + 1) * dayMs);
    const past = await readNights(database, since);
    const list = await readList({
      ...{ path, query, filters, limit: shownAtOnce },
      input: sweeps.input,
      read: (input, asked) => operations.sweeps(input).page(asked),
    });
    const html = renderSweeps(frame, {
      ...{ ...list, timezone },
      nights: planNights(past, { timezone, now: frame.at, days: calendarNights }),
      schedules: config.schedules.map(({ id }) => id),
    });
    return asListPage(html, list);
  },
};
