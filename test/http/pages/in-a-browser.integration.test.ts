import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { seedPast } from '../../../src/demo/seed-past.ts';
import { collectKeys } from '../../../src/inventory/listed-keys.ts';
import { createFleet } from '../../../src/sandbox/fleet.ts';
import { sampleFleet } from '../../../src/sandbox/sample-fleet.ts';
import { openStore } from '../../record/stores.ts';
import { inputs, open } from '../../record/world.ts';
import { describeBrowser } from '../../support/browser.ts';
import { findBarriers } from '../../support/find-barriers.ts';
import { weighPage } from '../../support/weigh-page.ts';
import { openDashboard } from './a-dashboard.ts';
import { shippedConfig, writePast } from './a-past.ts';

const until = new Date('2026-11-29T07:30:00Z');
const paths = [
  ...['/', '/findings?status=any', '/keys', '/scopes', '/sweeps', '/alerts', '/policy'],
  ...['/controls', '/controls?control=-', '/reviews', '/audit-log'],
];
/** Whether the page itself scrolls sideways. */
const scrolls = 'document.documentElement.scrollWidth > window.innerWidth';
/** With the files that a page uses. */
const mostBytes = 150_000;

/** Nothing on the page keeps people from using it, at the width and in the colours of now. */
async function expectUsable(page: Page, path: string): Promise<void> {
  expect([path, await findBarriers(page)]).toEqual([path, []]);
  expect([path, await page.evaluate<boolean>(scrolls)]).toEqual([path, false]);
  const bytes = await weighPage(page);
  expect([path, bytes, bytes > 10_000 && bytes <= mostBytes]).toEqual([path, bytes, true]);
}

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

let opened: Awaited<ReturnType<typeof openStore>>;
beforeAll(async () => {
  opened = await openStore();
});
afterAll(() => opened.close());

describeBrowser('the pages in a browser', (openPage) => {
  test('are usable with an empty store and with a past, wide and narrow, light and dark', async () => {
    const { origin } = await openDashboard(opened.database);
    const { page, said } = await openPage();
    const look = async (path: string) => {
      const answer = await page.goto(origin + path);
      expect([path, answer?.status()]).toEqual([path, 200]);
      await expectUsable(page, path);
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

  test('of the demo are usable too, and each says that nights are simulated', async () => {
    const store = await openStore();
    onTestFinished(() => store.close());
    const [config, now] = [await shippedConfig(), new Date()];
    await seedPast(store.database, { config, fleet: createFleet(sampleFleet, now), now });
    const { origin } = await openDashboard(store.database);
    const { page, said } = await openPage({ width: 390, height: 900 });
    for (const path of await listPaths(page, origin)) {
      await page.goto(origin + path);
      await expectUsable(page, path);
      await page.setViewportSize({ width: 1_440, height: 900 });
      expect([path, await page.evaluate<boolean>(scrolls)]).toEqual([path, false]);
      await page.setViewportSize({ width: 390, height: 900 });
      const banner = await page.getByRole('complementary').allTextContents();
      expect([path, banner.join()]).toEqual([path, expect.stringContaining('are simulated')]);
    }
    expect(said).toEqual([]);
  });

  test('are printed without what nobody can click on paper, and hardly wider than it', async () => {
    const { origin } = await openDashboard(opened.database);
    // The width of A4 within its margins. A browser shrinks what is a little wider.
    const width = 688;
    const { page } = await openPage({ width, height: 1_000 });
    await page.emulateMedia({ media: 'print' });
    for (const path of await listPaths(page, origin)) {
      await page.goto(origin + path);
      const shown = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([path, shown, shown < width * 1.1]).toEqual([path, shown, true]);
      for (const one of ['nav', 'button', 'form.filters']) {
        expect([path, await page.locator(`${one}:visible`).count()]).toEqual([path, 0]);
      }
      expect([path, await page.locator('h1').isVisible()]).toEqual([path, true]);
    }
  });

  test('say on paper, and only there, which filters a list has', async () => {
    const { origin } = await openDashboard(opened.database);
    const { page } = await openPage();
    const said = () => page.locator('ul.printed li:visible').allTextContents();
    await page.goto(`${origin}/findings?owner=ann&owner=bob&status=any`);
    expect(await said()).toEqual([]);
    await page.emulateMedia({ media: 'print' });
    expect(await said()).toEqual(['Status: any', 'Owner: ann', 'Owner: bob']);
    await page.goto(`${origin}/controls?from=2026-11-01&to=2026-11-30`);
    expect(await said()).toEqual(['From (day, UTC): 2026-11-01', 'To (day, UTC): 2026-11-30']);
  });

  test('show instants in the zone of the viewer, and UTC beside them', async () => {
    const { origin } = await openDashboard(opened.database);
    const { page } = await openPage();
    await page.goto(`${origin}/sweeps`);
    const time = page.locator('tbody time').first();
    expect(await time.textContent()).toBe('2026-11-29 08:30 CET');
    expect(await time.getAttribute('title')).toBe('2026-11-29 07:30:00 UTC');
  });

  test('can be used with the keyboard alone', async () => {
    const { origin } = await openDashboard(opened.database);
    const { page } = await openPage();
    await page.goto(`${origin}/findings`);
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('checkout');
    await page.keyboard.press('Enter');
    await page.waitForURL(/[?&]text=checkout/);
    const severity = page.getByLabel('Severity');
    for (
      let tab = 0;
      tab < 40 && !(await severity.evaluate('(one) => one.matches(":focus")'));
      tab += 1
    ) {
      await page.keyboard.press('Tab');
    }
    // What has the focus is seen to have it.
    expect(await severity.evaluate('(one) => getComputedStyle(one).outlineStyle')).not.toBe('none');
  });

  test('can be filtered without a script, and the filter stands in the address', async () => {
    const { origin } = await openDashboard(opened.database);
    const { page } = await openPage();
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.goto(`${origin}/findings`);
    expect(await page.locator('[data-zone]').textContent()).toBe('UTC');
    await page.getByLabel('Severity').selectOption('high');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(new URL(page.url()).searchParams.get('severity')).toBe('high');
    expect(await page.locator('tbody .medium').count()).toBe(0);
    expect(await page.locator('tbody .high').count()).toBeGreaterThan(0);
    await page.goBack();
    expect(await page.locator('tbody .medium').count()).toBeGreaterThan(0);
  });

  test('follow a request, ask before they stop a sweep, and say why something is refused', async () => {
    const operator = { name: 'olga', role: 'operator', from: '127.0.0.1' } as const;
    const { origin } = await openDashboard(opened.database, operator);
    const { page } = await openPage();
    const look = async () => {
      for (const width of [390, 1_440]) {
        await page.setViewportSize({ width, height: 900 });
        await expectUsable(page, page.url());
      }
    };
    await page.goto(`${origin}/sweeps`);
    await page.getByRole('button', { name: 'Sweep now' }).click();
    await page.getByRole('heading', { name: 'The request waits for a worker' }).waitFor();
    await look();
    const config = await shippedConfig();
    const using = { ...inputs(config.inventory), policy: config.policy };
    const { sweepId } = await open(opened.database, using);
    await page.goto(`${origin}/sweeps/${sweepId}`);
    await look();
    await page.getByRole('button', { name: 'Stop this sweep…' }).click();
    await page.getByRole('heading', { name: 'Stop this sweep?' }).waitFor();
    await look();
    await page.getByRole('button', { name: 'Stop the sweep' }).click();
    await page.getByRole('heading', { name: '0 of 58 audited, 58 unknown' }).waitFor();
    await look();
    await page.goto(`${origin}/actions/release?sweep=${sweepId}`);
    await look();
    await page.getByRole('button', { name: 'Release the alerts' }).click();
    await page.getByText('is not held').waitFor();
    await look();
  });

  test('that are followed are loaded again when the server refuses to go on', async () => {
    const operator = { name: 'olga', role: 'operator', from: '127.0.0.1' } as const;
    const { origin } = await openDashboard(opened.database, operator);
    const { page } = await openPage();
    await page.goto(`${origin}/sweeps`);
    // As where the session has ended.
    await page.route('**/live', (route) => route.fulfill({ status: 401 }), { times: 1 });
    await page.getByRole('button', { name: 'Sweep now' }).click();
    await page.waitForURL('**/requests/*');
    const isPage = (request: Request) => request.isNavigationRequest();
    await page.waitForRequest(isPage, { timeout: 10_000 });
    await page.waitForRequest('**/live');
  });

  test('show days in the zone of the viewer too', async () => {
    const config = await shippedConfig();
    const lateInUtc = new Date('2026-11-29T23:30:00Z');
    await writePast(opened.database, { config, until: lateInUtc, nights: 1 });
    const { origin } = await openDashboard(opened.database);
    const { page } = await openPage();
    const [first] = await collectKeys(config.inventory);
    const { source, keyId } = first ?? { source: '', keyId: '' };
    await page.goto(`${origin}/keys/${source}/${keyId}`);
    const day = page.locator('section[aria-labelledby="observations"] tbody th a').first();
    expect(await day.textContent()).toBe('2026-11-30');
    expect(await day.locator('time').getAttribute('title')).toBe('2026-11-29 23:30:00 UTC');
  });
});
