import { sweeps } from '../../../operations/sweeps/sweeps.ts';
import { readNights } from '../../../record/reads/pages/read-nights.ts';
import { listActive, toInput } from '../forms/filter-state.ts';
import { readListed } from '../forms/read-listed.ts';
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
    const listed = await readListed({
      ...{ path, query, limit: shownAtOnce },
      input: sweeps.input,
      asked: toInput(query, filters),
      read: (input, asked) => operations.sweeps(input).page(asked),
    });
    const { items, ...place } = listed;
    const html = renderSweeps(frame, {
      ...{ now: frame.at, query, sweeps: items, timezone, ...place },
      nights: planNights(past, { timezone, now: frame.at, days: calendarNights }),
      active: listActive(path, query),
      schedules: config.schedules.map(({ id }) => id),
    });
    return { html, status: listed.wrong === undefined ? 200 : 400 };
  },
};
