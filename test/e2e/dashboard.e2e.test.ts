import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBrowser, type WatchedPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { findBarriers } from '../support/find-barriers.ts';
import { hostileText, openDashboardWorld, sleepers, tokens } from './dashboard-world.ts';
import { freshKey, staleKey } from './world.ts';

let dashboard: Awaited<ReturnType<typeof openDashboardWorld>>;
let operator: WatchedPage;

async function signIn(page: Page, token: string): Promise<void> {
  await page.goto(`${dashboard.origin}/sign-in`);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const visit = (path: string) => operator.page.goto(dashboard.origin + path);
const press = (name: string, page = operator.page) =>
  page.getByRole('button', { name, exact: true }).click();
const headingOf = (page: Page) => page.locator('h1').textContent();
const sweepAddress = /\/sweeps\/[0-9a-f-]{36}$/;

/** Starts a sweep by a click, and is led to what it found. */
async function sweepNow(): Promise<void> {
  await visit('/sweeps');
  await press('Sweep now');
  await operator.page.waitForURL(sweepAddress);
  await operator.page.getByText('What it cost').waitFor();
}

const keyPath = (id: string) => `/keys/vendor/${encodeURIComponent(id)}`;
const openFindings = (rule: string) => visit(`/findings?rule=${rule}`);
const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

describeBrowser('the dashboard of a running keysweep', (openPage) => {
  beforeAll(async () => {
    dashboard = await openDashboardWorld();
    operator = await openPage();
    await signIn(operator.page, tokens.operator);
  });
  afterAll(() => dashboard?.close());

  test('follows a sweep that a click started, live to its end', async () => {
    const { page } = operator;
    dashboard.world.sandbox.setFault(`hang:${freshKey.id}`);
    await visit('/sweeps');
    await press('Sweep now');
    await page.getByRole('heading', { name: 'of 12 keys judged' }).waitFor();
    await page.getByRole('link', { name: 'The sweep' }).click();
    expect(await headingOf(page)).toBe('A sweep of 12 keys runs');
    await page.getByText('11 of 12 keys judged (91 %)').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    dashboard.world.sandbox.clearFaults();
    await page.getByRole('heading', { name: '12 of 12 audited' }).waitFor();
    expect(page.url()).toMatch(sweepAddress);
    expect(await page.locator('[data-live]').count()).toBe(0);
  });

  test('sends a failed alert again', async () => {
    const { page } = operator;
    await eventually('the alert has failed', () => dashboard.siem.received.length === 1);
    await eventually('the page says so', async () => {
      await visit('/alerts');
      return (await page.getByText('answered 404').count()) === 1;
    });
    expect(await findBarriers(page)).toEqual([]);
    dashboard.mendReceiver();
    await press('Send again');
    await eventually('the page says that it has arrived', async () => {
      await visit('/alerts');
      return (await page.locator('.badge', { hasText: 'delivered' }).count()) === 1;
    });
    const ids = dashboard.siem.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  test('audits a key again, whose finding is resolved by it', async () => {
    const { page } = operator;
    await openFindings('stale-45');
    await rowOf(page, staleKey.id).getByRole('link', { name: 'Forgotten job' }).click();
    const findings = page.getByRole('region', { name: 'Findings of this key', exact: true });
    expect(await findings.locator('.badge').textContent()).toBe('open');
    dashboard.use([staleKey.id], '-1h');
    await press('Audit again now');
    await page.waitForURL(sweepAddress);
    await page.getByText('Findings: 1 resolved.').waitFor();
    await page.getByRole('link', { name: 'Forgotten job' }).click();
    expect(await page.locator('h1 .badge').textContent()).toBe('pass');
    expect(await findings.textContent()).toContain('fixed, ');
  });

  test('acknowledges several findings that were chosen, with one reason', async () => {
    const { page } = operator;
    dashboard.use(sleepers, '-1h');
    await sweepNow();
    await openFindings('woke-up');
    for (const id of sleepers.slice(0, 2)) await rowOf(page, id).getByRole('checkbox').check();
    await press('Acknowledge…');
    expect(await headingOf(page)).toBe('Acknowledge 2 findings?');
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await findBarriers(page)).toEqual([]);
    }
    await page.getByLabel('Why it is in order').fill(hostileText);
    await press('Acknowledge');
    expect(await headingOf(page)).toBe('2 findings are acknowledged');
    expect(await findBarriers(page)).toEqual([]);
    await openFindings('woke-up');
    expect(await page.locator('tbody tr').count()).toBe(1);
  });

  test('acknowledges a finding once when two tabs ask for it, and the other hears of it', async () => {
    const { page } = operator;
    const other = await page.context().newPage();
    for (const tab of [page, other]) {
      await tab.goto(`${dashboard.origin}/findings?rule=woke-up`);
      await tab.getByRole('checkbox', { name: 'Choose all' }).check();
      await press('Acknowledge…', tab);
      await tab.getByLabel('Why it is in order').fill(tab === page ? 'planned' : 'late');
    }
    await press('Acknowledge');
    expect(await headingOf(page)).toBe('1 finding is acknowledged');
    await press('Acknowledge', other);
    expect(await headingOf(other)).toBe('1 finding is acknowledged');
    expect(await other.locator('main').textContent()).toContain('by olga (by token): planned');
    // Back leads to the list as it is now.
    for (let back = 0; !page.url().includes('/findings?') && back < 3; back += 1) {
      await page.goBack();
    }
    expect(await page.getByText('No finding matches.').count()).toBe(1);
    await other.close();
  });

  test('releases the alerts of a held sweep', async () => {
    const { page } = operator;
    dashboard.forgetBusy();
    await sweepNow();
    const before = dashboard.siem.received.length;
    await visit('/alerts');
    expect(await page.locator('.notice').textContent()).toContain('are held until somebody');
    await press('Release them…');
    expect(await headingOf(page)).toBe('Release the alerts of this sweep?');
    expect(await findBarriers(page)).toEqual([]);
    await press('Release the alerts');
    await page.getByText('released after they were held').waitFor();
    await eventually('the receiver has the changes', () => {
      const bodies = dashboard.siem.received.slice(before).map(({ body }) => body);
      return bodies.some(
        (body) => body.includes('findings.changed') && body.includes('key_busy_6'),
      );
    });
    await visit('/alerts');
    expect(await page.locator('.notice').count()).toBe(0);
  });

  test('shows hostile names as text on every page', async () => {
    const { page } = operator;
    const paths = ['/', '/findings?status=any', '/keys', '/scopes', '/sweeps', '/alerts'];
    for (const path of [...paths, '/policy', '/audit-log', keyPath(hostileText)]) {
      await visit(path);
      expect([path, await findBarriers(page)]).toEqual([path, []]);
      expect([path, await page.locator('img').count()]).toEqual([path, 0]);
    }
    expect(await page.locator('h1').textContent()).toContain(hostileText);
    await page.getByRole('link', { name: hostileText }).first().click();
    expect(await page.locator('tbody tr').count()).toBe(1);
    await visit(`/findings?text=${encodeURIComponent(hostileText)}`);
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
  });

  test('gives a viewer no buttons, and refuses what a viewer sends', async () => {
    const { page, said } = await openPage();
    await signIn(page, tokens.viewer);
    for (const path of ['/findings', '/sweeps', '/alerts', keyPath(staleKey.id)]) {
      await page.goto(dashboard.origin + path);
      const buttons = await page.locator('main button').allInnerTexts();
      expect([path, buttons.filter((name) => name !== 'Show')]).toEqual([path, []]);
      expect([path, await page.getByRole('checkbox').count()]).toEqual([path, 0]);
    }
    expect(said).toEqual([]);
    // As a form that somebody made on the page by hand.
    await page.locator('form[action="/sign-out"]').evaluate((form) => {
      form.setAttribute('action', '/actions/sweep');
    });
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await headingOf(page)).toBe('Not permitted');
    expect(await findBarriers(page)).toEqual([]);
    await eventually('the audit record names the viewer', async () => {
      await visit('/audit-log');
      return (await rowOf(operator.page, 'vera').allTextContents()).join().includes('denied');
    });
  });

  test('says nothing on the console, asks nobody else, and writes no error', () => {
    expect(operator.said).toEqual([]);
    expect([...operator.hosts]).toEqual([new URL(dashboard.origin).host]);
    expect(dashboard.running.stderr).not.toMatch(/"level":"(error|fatal)"/);
  });
});
