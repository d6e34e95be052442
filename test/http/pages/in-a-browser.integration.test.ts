import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbeddedStore } from '../../record/stores.ts';
import { describeBrowser } from '../../support/browser.ts';
import { findBarriers } from '../../support/find-barriers.ts';
import { openDashboard } from './a-dashboard.ts';
import { shippedConfig, writePast } from './a-past.ts';

const until = new Date('2026-11-29T07:30:00Z');
const paths = [
  ...['/', '/findings?status=any', '/keys', '/scopes', '/sweeps', '/alerts', '/policy'],
  '/audit-log',
];
/** Whether the page itself scrolls sideways. */
const scrolls = 'document.documentElement.scrollWidth > window.innerWidth';

/** The pages that lists lead to. */
async function listPaths(page: Page, origin: string): Promise<readonly string[]> {
  const linked: string[] = [];
  for (const [list, link] of [
    ['/findings', 'a[href^="/keys/"]'],
    ['/findings', 'a[href^="/policy/rules/"]'],
    ['/sweeps', 'a[href^="/sweeps/"]'],
  ] as const) {
    await page.goto(origin + list);
    const path = await page.locator(link).first().getAttribute('href');
    if (path !== null) linked.push(path);
  }
  return [...paths, ...linked];
}

let opened: Awaited<ReturnType<typeof openEmbeddedStore>>;
beforeAll(async () => {
  opened = await openEmbeddedStore();
});
afterAll(() => opened.close());

describeBrowser('the pages in a browser', (openPage) => {
  test('are usable with an empty store and with a past, wide and narrow, light and dark', async () => {
    const { origin } = await openDashboard(opened.database);
    const { page, said } = await openPage();
    const look = async (path: string) => {
      const answer = await page.goto(origin + path);
      expect([path, answer?.status()]).toEqual([path, 200]);
      expect([path, await findBarriers(page)]).toEqual([path, []]);
      const wider = await page.evaluate<boolean>(scrolls);
      expect([path, wider]).toEqual([path, false]);
    };
    for (const path of paths) await look(path);
    const config = await shippedConfig();
    // Thirteen weeks are wider than a narrow screen. Sweeps cost more time than missed nights.
    const missed = [3, ...Array.from({ length: 65 }, (_, at) => 25 + at)];
    await writePast(opened.database, { config, until, nights: 90, missed, incomplete: [1] });
    const all = await listPaths(page, origin);
    expect(all).toHaveLength(paths.length + 3);
    for (const path of all) await look(path);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const path of all) await look(path);
    expect(said).toEqual([]);
  });

  test('show instants in the zone of the viewer, and UTC beside them', async () => {
    const { origin } = await openDashboard(opened.database);
    const { page } = await openPage();
    await page.goto(`${origin}/sweeps`);
    const time = page.locator('tbody time').first();
    expect(await time.textContent()).toBe('2026-11-29 08:30 CET');
    expect(await time.getAttribute('title')).toBe('2026-11-29 07:30:00 UTC');
  });

  test('can be filtered without a script, and the filter stands in the address', async () => {
    const { origin } = await openDashboard(opened.database);
    const { page } = await openPage();
    await page.goto(`${origin}/findings`);
    await page.getByLabel('Severity').selectOption('high');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(new URL(page.url()).searchParams.get('severity')).toBe('high');
    expect(await page.locator('tbody .medium').count()).toBe(0);
    expect(await page.locator('tbody .high').count()).toBeGreaterThan(0);
    await page.goBack();
    expect(await page.locator('tbody .medium').count()).toBeGreaterThan(0);
  });
});
