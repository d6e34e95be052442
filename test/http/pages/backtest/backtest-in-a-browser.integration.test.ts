import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../../record/stores.ts';
import { describeBrowser } from '../../../support/browser.ts';
import { findBarriers } from '../../../support/find-barriers.ts';
import { openDashboard } from '../a-dashboard.ts';
import { shippedConfig, writePast } from '../a-past.ts';

const operator = { name: 'olga', role: 'operator', from: '127.0.0.1' } as const;
/** Whether the page itself scrolls sideways. */
const scrolls = 'document.documentElement.scrollWidth > window.innerWidth';

let opened: Awaited<ReturnType<typeof openStore>>;
beforeAll(async () => {
  opened = await openStore();
});
afterAll(() => opened.close());

describeBrowser('a back-test in a browser', (openPage) => {
  test('is followed to its result; a policy that is wrong is mended and tried again', async () => {
    const config = await shippedConfig();
    const until = new Date(Date.now() - 3_600_000);
    await writePast(opened.database, { config, until, nights: 2 });
    const { origin } = await openDashboard(opened.database, operator);
    const { page, said } = await openPage();
    const look = async () => {
      expect(await findBarriers(page)).toEqual([]);
      expect(await page.evaluate<boolean>(scrolls)).toBe(false);
    };
    await page.goto(`${origin}/policy`);
    await look();
    const field = page.locator('textarea[name=policy]');
    expect(await field.inputValue()).toBe(config.policy.text);
    await field.fill('version: "1"\nrules:\n  - { id: s, type: stale, severity: high }\n');
    await page.getByText('Try this policy').click();
    await page.getByText('The policy cannot be read.').waitFor();
    await look();
    const mended = 'version: "1"\nrules:\n  - { id: s, type: stale, after: 2h, severity: high }\n';
    await field.fill(mended);
    await page.locator('select[name=sweeps]').selectOption('7d');
    await page.getByText('Try this policy').click();
    await page.locator('#summary').waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await look();
    expect(await field.inputValue()).toBe(mended);
    expect(said).toEqual([]);
  });
});
