import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { filledInventory, fillStore } from '../../../bench/support/filled-store.ts';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { describeOwnStores } from '../../record/stores.ts';
import { describeBrowser } from '../../support/browser.ts';
import { findBarriers } from '../../support/find-barriers.ts';
import { weighPage } from '../../support/weigh-page.ts';
import { openDashboard } from './a-dashboard.ts';
import { shippedConfig } from './a-past.ts';

const keys = 100_000;
const nights = 90;

const paths = [
  ...['/', '/?by=environment', '/findings', '/findings?status=any&text=worker', '/keys'],
  ...['/keys?owner=owner-3&verdict=fail', '/keys/flexcharge-sandbox/key_7', '/scopes'],
  ...['/sweeps', '/alerts', '/policy', '/policy/rules/stale-45', '/audit-log'],
];
/** With the files that a page uses. `npm run bench -- pages` measures the time. */
const mostBytes = 150_000;
const scrolls = 'document.documentElement.scrollWidth > window.innerWidth';

async function fill(database: Database): Promise<void> {
  const config = { ...(await shippedConfig()), inventory: keepKeys(filledInventory(keys)) };
  await fillStore(database, config, { keys, nights });
}

/** The path of the newest sweep too, which the list of sweeps leads to. */
async function allPaths(page: Page, origin: string): Promise<readonly string[]> {
  await page.goto(`${origin}/sweeps`);
  const sweep = await page.locator('tbody a[href^="/sweeps/"]').first().getAttribute('href');
  return [...paths, sweep ?? 'no sweep'];
}

describeOwnStores(`${keys} keys and ${nights} nights`, (get) => {
  beforeAll(() => fill(get()), 1_200_000);

  describeBrowser('in a browser', (openPage) => {
    test('have pages that are usable, wide and narrow, and small', async () => {
      const { origin } = await openDashboard(get());
      const { page, said } = await openPage();
      for (const path of await allPaths(page, origin)) {
        const answer = await page.goto(origin + path);
        expect([path, answer?.status()]).toEqual([path, 200]);
        const bytes = await weighPage(page);
        expect([path, bytes, bytes <= mostBytes]).toEqual([path, bytes, true]);
        for (const width of [390, 1_440]) {
          await page.setViewportSize({ width, height: 900 });
          expect([path, await findBarriers(page)]).toEqual([path, []]);
          expect([path, await page.evaluate<boolean>(scrolls)]).toEqual([path, false]);
        }
      }
      expect(said).toEqual([]);
    });
  });
});
