import type { PageEntry } from '../page-entry.ts';
import { renderOverview } from './overview-page.tsx';
import { type FleetGrouping, fleetGroupings } from './plan-fleet.ts';
import { readOverview } from './read-overview.ts';

/** `/`: what the last night found, and whether all is well. */
export const overviewPage: PageEntry = {
  path: '/',
  async show({ frame, query }, means) {
    const asked = query.get('by');
    const by = fleetGroupings.find((one): one is FleetGrouping => one === asked) ?? 'owner';
    return renderOverview(frame, await readOverview(means, frame.at, by));
  },
};
