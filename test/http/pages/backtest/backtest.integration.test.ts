import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { hashText } from '../../../../src/config/files/named-files.ts';
import type { Caller } from '../../../../src/operations/caller.ts';
import { describeStores } from '../../../record/stores.ts';
import { eventually } from '../../../support/eventually.ts';
import { formTokenIn, openBrowser } from '../../sign-in/a-browser.ts';
import { openReplica, opsToken } from '../../sign-in/a-replica.ts';
import { openDashboard } from '../a-dashboard.ts';
import { shippedConfig, writePast } from '../a-past.ts';

const operator: Caller = { name: 'olga', role: 'operator', from: '192.0.2.7' };
const asBrowser = { headers: { accept: 'text/html' } };
const path = '/actions/backtest';

/** Keys grow stale much sooner than in the policy that comes with the program. */
const stricter = [
  'version: "stricter"',
  'rules:',
  '  - { id: stale-45, type: stale, after: 2h, severity: critical }',
  '  - { id: fresh-rule, type: unowned, severity: info }',
  '',
].join('\n');

function aForm(fields: Readonly<Record<string, string | Blob>>): RequestInit {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return { ...asBrowser, method: 'POST', redirect: 'manual', body };
}

const placeOf = (answer: Response) => answer.headers.get('location') ?? '';

describeStores('a back-test by page', (get) => {
  const seen = async (ask: (path: string, init: RequestInit) => Promise<Response>, at: string) =>
    eventually('the back-test has ended', async () => {
      const html = await (await ask(at, asBrowser)).text();
      return html.includes('<h2 id="progress">') ? undefined : html;
    });

  test('without a night says that there is nothing to judge', async () => {
    const { ask } = await openDashboard(get(), operator);
    const begun = await ask(path, aForm({ policy: stricter }));
    expect(await seen(ask, placeOf(begun))).toContain('no full sweep has closed in that time');
  });

  test('begins at once, is followed, and ends with what would change', async () => {
    const config = await shippedConfig();
    await writePast(get(), { config, until: new Date(Date.now() - 3_600_000), nights: 2 });
    const { ask } = await openDashboard(get(), operator);
    expect(await (await ask('/policy', asBrowser)).text()).toContain(`action="${path}"`);
    const begun = await ask(path, aForm({ policy: stricter, page: 'a', sweeps: '7d' }));
    expect(begun.status).toBe(303);
    const at = placeOf(begun);
    expect(at).toMatch(/^\/policy\/backtests\/[0-9a-f-]{36}$/);
    const live = await (await ask(`${at}/live`)).text();
    expect(live).toContain(`event: end\ndata: ${at}`);

    const html = await seen(ask, at);
    expect(html).toContain('<h2 id="summary">');
    expect(html).toContain('Would newly fail');
    expect(html).toContain('<h2 id="sweeps">Sweeps</h2>');
    expect(html).toMatch(/<a href="\/keys\/flexcharge-sandbox\/key_[a-z_]+">/);
    expect(html).toContain('<a href="/policy/rules/stale-45">');
    expect(html).not.toContain('href="/policy/rules/fresh-rule"');
    expect(html).toContain('version: &quot;stricter&quot;');
    expect(await (await ask('/policy', asBrowser)).text()).toContain(`href="${at}"`);

    const again = await ask(path, aForm({ policy: stricter, page: 'a', sweeps: '7d' }));
    expect(placeOf(again)).toBe(at);
    const another = await ask(path, aForm({ policy: stricter, page: 'b', sweeps: '7d' }));
    expect(placeOf(another)).not.toBe(at);
  });

  test('takes a file before a text, and shows the place of what is wrong in it', async () => {
    const { ask } = await openDashboard(get(), operator);
    const file = new Blob(['version: "1"\nrules:\n  - { id: a, type: stale, severity: high }\n']);
    const html = await seen(ask, placeOf(await ask(path, aForm({ policy: stricter, file }))));
    expect(html).toContain('The policy cannot be read.');
    expect(html).toContain('Line 3, column 5: <code><bdi>rules.0.after</bdi></code> <bdi>');
  });

  test('stands in the audit record with the hash of its policy, and changes nothing', async () => {
    const { ask } = await openDashboard(get(), { ...operator, name: 'otto' });
    const crlf = stricter.replaceAll('\n', '\r\n');
    await seen(ask, placeOf(await ask(path, aForm({ policy: crlf }))));
    const { rows } = await sql<object>`
      select what, role, origin, input, outcome from keysweep.audit_record where who = 'otto'
    `.execute(get().db);
    const input = { policy: hashText(stricter), sweeps: { kind: 'last' } };
    expect(rows).toEqual([
      { what: 'backtest', role: 'operator', origin: '192.0.2.7', input, outcome: 'done' },
    ]);
  });

  test.each([
    [{}, 400, 'Choose the file of a policy, or paste its text'],
    [{ policy: ' \r\n' }, 400, 'Choose the file of a policy, or paste its text'],
    [{ file: new Blob([new Uint8Array([0xc3, 0x28])]) }, 400, 'not text in UTF-8'],
    [{ file: new Blob(['#'.repeat(1_048_577)]) }, 413, 'larger than 1 MB'],
    [{ file: new Blob(['#'.repeat(2_097_152)]) }, 413, 'the form is over 2097152 bytes'],
  ] as const)('refuses a form without a policy of at most 1 MB', async (fields, status, why) => {
    const { ask } = await openDashboard(get(), operator);
    const refused = await ask(path, aForm({ ...fields }));
    expect([refused.status, await refused.text()]).toEqual([status, expect.stringContaining(why)]);
  });

  test('is for operators only: others see neither the form nor a result', async () => {
    const other = await openDashboard(get(), operator);
    const at = placeOf(await other.ask(path, aForm({ policy: stricter })));
    for (const role of ['viewer', 'auditor'] as const) {
      const { ask } = await openDashboard(get(), { ...operator, role });
      expect(await (await ask('/policy', asBrowser)).text()).not.toContain(path);
      for (const answer of [
        await ask(path, aForm({ policy: stricter })),
        await ask(at, asBrowser),
        await ask(`${at}/live`, asBrowser),
      ]) {
        expect(answer.status).toBe(403);
        expect(await answer.text()).toContain(`The role ${role} does not permit back-tests`);
      }
    }
    expect((await other.ask('/policy/backtests/nothing', asBrowser)).status).toBe(404);
  });

  test('needs the token of the session in its form', async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    await browser.visit('/sign-in', { form: { token: opsToken, next: '/' } });
    const token = formTokenIn(await browser.visit('/policy'));
    const send = (fields: Readonly<Record<string, string>>) => {
      const form = aForm({ policy: stricter, ...fields });
      const cookie = `keysweep=${browser.cookies.get('keysweep')}`;
      const headers = { ...asBrowser.headers, cookie, origin: `http://127.0.0.1:${port}` };
      return fetch(`http://127.0.0.1:${port}${path}`, { ...form, headers });
    };
    expect((await send({})).status).toBe(403);
    expect((await send({ 'form-token': `${token}x` })).status).toBe(403);
    expect((await send({ 'form-token': token })).status).toBe(303);
  });
});
