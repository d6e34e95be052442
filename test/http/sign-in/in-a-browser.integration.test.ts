import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openProvider } from '../../../src/http/oidc/open-provider.ts';
import { openStore } from '../../record/stores.ts';
import { all, run } from '../../record/world.ts';
import { describeBrowser } from '../../support/browser.ts';
import { freePort } from '../../support/child-server.ts';
import { findBarriers } from '../../support/find-barriers.ts';
import { clientId, clientSecret, openTestProvider } from './a-provider.ts';
import { openReplica, opsToken } from './a-replica.ts';

let opened: Awaited<ReturnType<typeof openStore>>;
beforeAll(async () => {
  opened = await openStore();
});
afterAll(() => opened.close());

async function enterToken(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const headingOf = (page: Page) => page.locator('h1').textContent();
const whoIs = (page: Page) => page.locator('.who').textContent();
const signOut = (page: Page) => page.getByRole('button', { name: 'Sign out' }).click();

/** Chromium writes every refused page to its console; the provider has no icon. */
const refused = /^Failed to load resource: the server responded with a status of 40[134] /;

/** keysweep as `localhost` and its provider as `127.0.0.1`: two sites, for a browser. */
async function openBoth() {
  const port = await freePort();
  const publicUrl = `http://localhost:${port}`;
  const provider = await openTestProvider(publicUrl);
  const roles = { claim: 'groups', operator: ['sec'], auditor: [], viewer: ['all'] };
  const oidc = { issuer: provider.issuer, clientId, roles };
  const parts = { oidc, clientSecret, publicUrl, proxies: undefined };
  await openReplica(opened.database, {
    ...{ http: { publicUrl }, port, now: () => new Date() },
    oidc: { oidc, publicUrl, provider: openProvider(parts) },
  });
  return { publicUrl, provider };
}

/** A page of a stranger with a form that leads to `action`. */
async function openStranger(action: string): Promise<string> {
  const html = `<form method="post" action="${action}"><button>Win</button></form>`;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://stranger.test:${(server.address() as AddressInfo).port}/`;
}

const toProvider = (page: Page) => page.getByRole('link', { name: /^Sign in with / }).click();

describeBrowser('signing in, in a browser', (openPage) => {
  test('leads back to the page that was asked for, and a wrong token stays outside', async () => {
    const { port, denied } = await openReplica(opened.database);
    const origin = `http://127.0.0.1:${port}`;
    const { page, said, hosts } = await openPage();
    await page.goto(`${origin}/findings?severity=high`);
    expect(await headingOf(page)).toBe('Sign in');
    expect(await findBarriers(page)).toEqual([]);
    await enterToken(page, 'wrong-token-1234567890');
    expect(await page.getByRole('alert').textContent()).toBe('This token is not known.');
    expect(await findBarriers(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findBarriers(page)).toEqual([]);
    expect(denied).toHaveLength(1);
    await page.goto(`${origin}/keys`);
    expect(await headingOf(page)).toBe('Sign in');
    await page.goto(`${origin}/findings?severity=high`);
    await enterToken(page, opsToken);
    expect(page.url()).toBe(`${origin}/findings?severity=high`);
    expect(await whoIs(page)).toBe('ops, operator');
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.goto(`${origin}/nowhere`);
    expect(await headingOf(page)).toBe('There is no such page');
    expect(await findBarriers(page)).toEqual([]);
    expect(said.filter((line) => !refused.test(line))).toEqual([]);
    expect([...hosts]).toEqual([new URL(origin).host]);
  });

  test('works once with the link that start prints', async () => {
    const { port, codes } = await openReplica(opened.database);
    const link = `http://127.0.0.1:${port}/sign-in?code=${codes.make()}`;
    const [first, second] = [await openPage(), await openPage()];
    await first.page.goto(link);
    expect(await whoIs(first.page)).toBe('ops, operator');
    expect(first.page.url()).not.toContain('code');
    await second.page.goto(link);
    expect(await second.page.getByRole('alert').textContent()).toContain('was used before');
    await second.page.goto(`http://127.0.0.1:${port}/`);
    expect(await headingOf(second.page)).toBe('Sign in');
  });

  test('ends in every tab at once: the other one acts no more, and back shows nothing', async () => {
    const { port } = await openReplica(opened.database);
    const origin = `http://127.0.0.1:${port}`;
    const { page } = await openPage();
    await page.goto(`${origin}/sweeps`);
    await enterToken(page, opsToken);
    const other = await page.context().newPage();
    await other.goto(`${origin}/sweeps`);
    await page.goto(`${origin}/audit-log`);
    await signOut(page);
    expect(await page.getByRole('status').textContent()).toBe('You have signed out.');
    await other.getByRole('button', { name: 'Sweep now' }).click();
    expect(await headingOf(other)).toBe('Sign in');
    await page.goBack();
    expect(await headingOf(page)).toBe('Sign in');
    // A form of the session before this one is refused, and says how to go on.
    await enterToken(page, opsToken);
    await other.goto(`${origin}/sweeps`);
    await page.goto(`${origin}/sweeps`);
    await signOut(page);
    await enterToken(page, opsToken);
    await other.getByRole('button', { name: 'Sweep now' }).click();
    expect(await other.locator('body').textContent()).toContain('out of date');
    await other.goBack();
    await other.reload();
    await other.getByRole('button', { name: 'Sweep now' }).click();
    expect(await headingOf(other)).toBe('The request waits for a worker');
  });

  test('is of no use to pages of strangers, whatever their names lead to', async () => {
    const { port } = await openReplica(opened.database);
    const origin = `http://127.0.0.1:${port}`;
    const { page } = await openPage();
    await page.goto(`${origin}/sweeps`);
    await enterToken(page, opsToken);
    const requests = () => all(opened.database, 'select from keysweep.request');
    const before = (await requests()).length;
    await page.goto(await openStranger(`${origin}/actions/sweep`));
    const fetched = await page.evaluate(async (at) => {
      const ask = (path: string, init: RequestInit) =>
        fetch(at + path, { credentials: 'include', ...init }).then(
          ({ type, status }) => `${type} ${status}`,
          () => 'refused',
        );
      const body = '{}';
      return Promise.all([
        ask('/api/v1/findings', {}),
        ask('/api/v1/sweeps', { method: 'POST', body }),
        ask('/api/v1/sweeps', { method: 'POST', body, mode: 'no-cors' }),
        ask('/findings', { mode: 'no-cors' }),
      ]);
    }, origin);
    // Browsers hide what comes from a site that permits nothing, or keep it from the page.
    for (const said of fetched) expect(said).toMatch(/^(refused|opaque 0)$/);
    await page.getByRole('button', { name: 'Win' }).click();
    expect(await headingOf(page)).toBe('Another site sent this');
    expect(await requests()).toHaveLength(before);
    const rebound = await page.goto(`http://stranger.test:${port}/findings`);
    expect(rebound?.status()).toBe(421);
    await page.goto(`${origin}/sweeps`);
    expect(await whoIs(page)).toBe('ops, operator');
  });

  test('at a provider gives the role that it says, and nobody else a page', async () => {
    const { publicUrl, provider } = await openBoth();
    const { page, said, hosts } = await openPage();
    await page.goto(`${publicUrl}/scopes`);
    expect(await findBarriers(page)).toEqual([]);
    await toProvider(page);
    expect(page.url()).toBe(`${publicUrl}/scopes`);
    expect(await whoIs(page)).toBe('ann (u-1), operator');
    await signOut(page);
    // The provider asks whether to sign out there too.
    await page.waitForURL(`${provider.issuer}/**`);
    await page.getByRole('button', { name: /Yes/ }).click();
    await page.waitForURL(`${publicUrl}/sign-in`);
    provider.state.groups = ['guests'];
    await toProvider(page);
    expect(await page.getByRole('alert').textContent()).toContain('have no role in keysweep');
    expect(await findBarriers(page)).toEqual([]);
    expect(said.filter((line) => !refused.test(line))).toEqual([]);
    expect([...hosts].sort()).toEqual([provider.issuer, publicUrl].map((at) => new URL(at).host));
  });

  test('is asked for when a form comes late, and leads back to its page', async () => {
    const { publicUrl } = await openBoth();
    const { page, said } = await openPage();
    await page.goto(`${publicUrl}/sweeps`);
    await toProvider(page);
    await run(opened.database, 'update keysweep.session set ends_at = clock_timestamp()');
    await page.getByRole('button', { name: 'Sweep now' }).click();
    const told = await page.getByRole('status').textContent();
    expect(told).toContain('Your session has ended, so nothing was changed.');
    await toProvider(page);
    await page.waitForURL(`${publicUrl}/sweeps`);
    expect(await whoIs(page)).toBe('ann (u-1), operator');
    expect(said.filter((line) => !refused.test(line))).toEqual([]);
  });
});
