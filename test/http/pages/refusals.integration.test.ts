import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { describeStores } from '../../record/stores.ts';
import { run } from '../../record/world.ts';
import type { Answered } from '../a-site.ts';
import { type Browser, formTokenIn, openBrowser } from '../sign-in/a-browser.ts';
import { openReplica, opsToken } from '../sign-in/a-replica.ts';

const forPrograms = { accept: '*/*' };

function expectPage({ status, headers, text }: Answered, expected: number, ...words: string[]) {
  expect([status, headers['content-type']]).toEqual([expected, 'text/html; charset=UTF-8']);
  expect(headers['content-security-policy']).toContain("style-src 'self'");
  for (const one of words) expect(text).toContain(one);
}

function expectProblem({ status, headers, text }: Answered, expected: number, code?: string) {
  expect([status, headers['content-type']]).toEqual([expected, 'application/problem+json']);
  expect(JSON.parse(text)).toMatchObject({ status: expected, ...(code && { code }) });
}

describeStores('a form that is refused', (get) => {
  const signedIn = async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    await browser.visit('/sign-in', { form: { token: opsToken } });
    const referer = `http://127.0.0.1:${port}/sweeps?status=open`;
    return { browser, referer };
  };
  const sweepNow = (browser: Browser, form: Record<string, string>, headers = {}) =>
    browser.visit('/actions/sweep', { form, headers });
  const expectNothingAsked = async () => {
    const { rows } = await sql`select from keysweep.request`.execute(get().db);
    expect(rows).toHaveLength(0);
  };

  test('for a stale or missing token is a page that leads back to its own', async () => {
    const { browser, referer } = await signedIn();
    const stale = formTokenIn(await browser.visit('/sweeps'));
    await browser.visit('/sign-in', { form: { token: opsToken } });
    for (const form of [{ 'form-token': stale }, {}]) {
      const back = '<a href="/sweeps?status=open">Load the page again</a>';
      const told = await sweepNow(browser, form, { referer });
      expectPage(told, 403, '<h1>This form is out of date</h1>', 'Nothing was changed.', back);
      // The page that says so is no way to send the form after all.
      expect(formTokenIn(told)).not.toBe(stale);
      expectProblem(await sweepNow(browser, form, forPrograms), 403, 'KEYSWEEP_FORM');
    }
    await expectNothingAsked();
  });

  test('for another host is a page that says which names count', async () => {
    const { browser } = await signedIn();
    const under = (headers: Record<string, string>) =>
      browser.visit('/keys', { headers: { host: 'keys.example', ...headers } });
    expectPage(await under({}), 421, 'does not know this address', 'http.publicUrl or http.hosts');
    expectProblem(await under(forPrograms), 421);
  });

  test('for a session that has ended leads to a sign-in that says so, and then back', async () => {
    const { browser, referer } = await signedIn();
    const form = { 'form-token': formTokenIn(await browser.visit('/sweeps')) };
    await run(get(), `update keysweep.session set ends_at = now(), forgotten_at = now()`);
    const led = await sweepNow(browser, form, { referer });
    const path = '/sign-in?next=%2Fsweeps%3Fstatus%3Dopen&unsent=';
    expect([led.status, led.headers.location]).toEqual([303, path]);
    const told = 'Your session has ended, so nothing was changed.';
    expectPage(await browser.visit(path), 200, told, 'name="next" value="/sweeps?status=open"');
    expectProblem(await sweepNow(browser, form, forPrograms), 401);
    await expectNothingAsked();
  });

  test('of another origin is told on a page what to compare', async () => {
    const { browser } = await signedIn();
    const form = { 'form-token': formTokenIn(await browser.visit('/sweeps')) };
    const [origin, referer] = ['https://evil.example', 'https://evil.example/sweeps'];
    const told = await sweepNow(browser, form, { origin, referer });
    expectPage(told, 403, '<h1>Another site sent this</h1>', 'http.publicUrl');
    expect(told.text).not.toMatch(/evil|Load the page again/);
    expectProblem(await sweepNow(browser, form, { origin, ...forPrograms }), 403);
    await expectNothingAsked();
  });

  test('for its size is told how large one may be', async () => {
    const large = { text: 'a'.repeat(2 * 1_024 * 1_024) };
    const words = ['<h1>This form is too large</h1>', 'the form is over 2097152 bytes'];
    // The server closes a connection whose body it has not read.
    expectPage(await sweepNow((await signedIn()).browser, large), 413, ...words);
    expectProblem(await sweepNow((await signedIn()).browser, large, forPrograms), 413);
    const token = { token: 'a'.repeat(16_384) };
    const told = await (await signedIn()).browser.visit('/sign-in', { form: token });
    expectPage(told, 413, 'the form is over 16384 bytes');
  });

  test('by the API is a problem for browsers too', async () => {
    const { browser } = await signedIn();
    expectProblem(await browser.visit('/api/v1/nothing'), 404);
    expectProblem(await browser.visit('/api/v1/sweeps', { form: {} }), 403, 'KEYSWEEP_FORM');
    const headers = { origin: 'https://evil.example' };
    expectProblem(await browser.visit('/api/v1/sweeps', { form: {}, headers }), 403);
  });
});
