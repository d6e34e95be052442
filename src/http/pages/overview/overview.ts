import { asPage, type PageEntry } from '../page-entry.ts';
import { renderOverview } from './overview-page.tsx';
import { type FleetGrouping, fleetGroupings } from './plan-fleet.ts';
import { readOverview } from './read-overview.ts';

/** `/`: what the last night found, and whether all is well. */
export const overviewPage: PageEntry = {
  path: '/',
  async show({ frame, query }, reads) {
    const asked = query.get('by');
    const by = fleetGroupings.find((one): one is FleetGrouping => one === asked) ?? 'owner';
    return asPage(renderOverview(frame, await readOverview(reads, frame.at, by)));
  },
};
