import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { OidcRoles } from '../../../src/config/http/oidc-config.ts';
import { openProvider } from '../../../src/http/oidc/open-provider.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { describeStores } from '../../record/stores.ts';
import { run } from '../../record/world.ts';
import type { Answered } from '../a-site.ts';
import { type Browser, formTokenIn, openBrowser } from './a-browser.ts';
import { clientId, clientSecret, openTestProvider } from './a-provider.ts';
import { openReplica, opsToken, type ReplicaDifference } from './a-replica.ts';

const host = 'keysweep.test';
const publicUrl = `http://${host}`;
const usualRoles: OidcRoles = {
  ...{ claim: 'groups', operator: ['sec'], auditor: ['audit'], viewer: ['all'] },
};

/** keysweep and its provider, with a browser that knows both. */
async function openBoth(
  database: Database,
  roles: OidcRoles = usualRoles,
  difference: ReplicaDifference = {},
) {
  const provider = await openTestProvider(publicUrl);
  const oidc = { issuer: provider.issuer, clientId, roles };
  const parts = { oidc, clientSecret, publicUrl, proxies: undefined };
  const replica = await openReplica(database, {
    http: { publicUrl },
    oidc: { oidc, publicUrl, provider: openProvider(parts) },
    now: () => new Date(),
    ...difference,
  });
  const browser = openBrowser(replica.port, host);
  const there = openBrowser(Number(new URL(provider.issuer).port));
  /** Follows redirects at both, from a path here to the last answer. */
  const follow = async (path: string, change = (url: URL) => url): Promise<Answered> => {
    let answer = await browser.visit(path);
    let at = publicUrl;
    for (let step = 0; step < 12 && answer.headers.location !== undefined; step += 1) {
      const url = change(new URL(answer.headers.location, at));
      at = url.origin;
      answer = await (at === provider.issuer ? there : browser).visit(url.pathname + url.search);
    }
    return answer;
  };
  const who = async () => JSON.parse((await browser.visit('/probe/who')).text);
  return { ...replica, provider, browser, there, follow, who };
}

/** The cookie of the attempt that a browser has begun. */
function attemptIn({ cookies }: Browser): readonly [name: string, value: string | undefined] {
  const [name = ''] = [...cookies.keys()].filter((one) => one.startsWith('keysweep-oidc'));
  return [name, cookies.get(name)];
}

const end = (database: Database) =>
  run(database, 'update keysweep.session set ends_at = clock_timestamp()');

/** Who has signed in, in the audit record. */
async function signIns({ db }: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ who: string }>`
    select who from keysweep.audit_record where what = 'sign-in' order by id
  `.execute(db);
  return rows.map(({ who }) => who);
}

const ann = { name: 'ann (u-1)', from: '127.0.0.1' };

describeStores('signing in at a provider', (get) => {
  test('leads there, and back to the page', async () => {
    const { follow, who, browser, lines } = await openBoth(get());
    expect((await browser.visit('/sign-in?next=/a')).text).toContain('Sign in with 127.0.0.1:');
    const page = await follow('/sign-in/oidc?next=/%3Fby%3Downer');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<bdi>ann (u-1)</bdi>, operator');
    expect(await who()).toEqual({ ...ann, role: 'operator' });
    expect([...browser.cookies.keys()]).toEqual(['keysweep']);
    expect(lines.filter((line) => line.includes('somebody signed in'))).toHaveLength(1);
  });

  test.each([
    ['the highest role', ['all', 'audit'], 'auditor'],
    ['one text as a role', 'sec', 'operator'],
    ['no role from a part of a name', ['secret'], undefined],
    ['no role from nothing', undefined, undefined],
  ])('gives %s', async (_what, groups, role) => {
    const { provider, follow, who, denied } = await openBoth(get());
    provider.state.groups = groups;
    const page = await follow('/sign-in/oidc');
    expect((await who())?.role).toBe(role);
    if (role !== undefined) return;
    expect(page.status).toBe(403);
    expect(page.text).toContain('have no role in keysweep');
    expect(denied).toMatchObject([{ who: 'ann (u-1)', what: 'sign-in', reason: 'no role' }]);
  });

  test('keeps the ID token for nobody but the holder of the cookie', async () => {
    const { follow } = await openBoth(get());
    await follow('/sign-in/oidc');
    const { rows } = await sql<{ sealed: Buffer }>`
      select sealed from keysweep.session where kind = 'oidc'
    `.execute(get().db);
    expect(rows.length).toBeGreaterThan(0);
    for (const { sealed } of rows) {
      expect(Buffer.from(sealed).toString('latin1')).not.toContain('eyJ');
    }
  });

  test.each([
    ['for another client', { aud: 'another' }],
    ['of another provider', { iss: 'https://evil.example' }],
    ['that has expired', { iat: 1_000, exp: 2_000 }],
    ['for another attempt', { nonce: 'another' }],
    ['without the mark of the attempt', { nonce: undefined }],
  ])('refuses an ID token %s', async (_what, changed) => {
    const { provider, follow, who } = await openBoth(get());
    provider.state.change = (claims) => ({ ...claims, ...changed });
    const page = await follow('/sign-in/oidc');
    expect(page.status).toBe(403);
    expect(page.text).toContain('did not confirm who you are');
    expect(await who()).toBeNull();
    provider.state.change = (claims) => claims;
    expect((await follow('/sign-in/oidc')).status).toBe(200);
  });

  test('refuses an ID token that somebody else has signed', async () => {
    const { provider, follow, who } = await openBoth(get());
    provider.state.forges = true;
    expect((await follow('/sign-in/oidc')).status).toBe(403);
    expect(await who()).toBeNull();
  });

  test('refuses an answer with another state, and one that nobody asked for', async () => {
    const { follow, who, browser, denied } = await openBoth(get());
    // Its beginning tells the cookies of attempts apart.
    const wrong = (url: URL) => {
      const begins = url.searchParams.get('state')?.slice(0, 8) ?? '';
      if (url.pathname.endsWith('/callback')) url.searchParams.set('state', begins.padEnd(43, 'a'));
      return url;
    };
    expect((await follow('/sign-in/oidc', wrong)).status).toBe(403);
    const unasked = await browser.visit('/sign-in/oidc/callback?code=a&state=b');
    expect(unasked.status).toBe(403);
    expect(unasked.text).toContain('began in another browser');
    expect(await who()).toBeNull();
    const nobody = { who: null, role: null, what: 'sign-in', origin: '127.0.0.1' };
    expect(denied).toEqual([
      { ...nobody, reason: 'the provider did not confirm who this is' },
      { ...nobody, reason: 'it took more than 10 minutes, or began in another browser' },
    ]);
  });

  test.each([
    ['of 10 minutes is finished', 600, 200],
    ['of more than 10 minutes is refused', 601, 403],
  ])('an attempt %s', async (_what, seconds, status) => {
    const clock = { ms: Date.parse('2026-11-29T09:00:00Z') };
    const { follow } = await openBoth(get(), usualRoles, { now: () => new Date(clock.ms) });
    const wait = (url: URL) => {
      if (url.pathname.endsWith('/callback')) clock.ms += seconds * 1_000;
      return url;
    };
    const page = await follow('/sign-in/oidc', wait);
    expect(page.status).toBe(status);
    if (status === 403) expect(page.text).toContain('took more than 10 minutes');
  });

  test('keeps its attempt in a cookie that no script reads and that ends after 10 minutes', async () => {
    const { browser } = await openBoth(get());
    const led = await browser.visit('/sign-in/oidc');
    expect(browser.written).toEqual([
      expect.stringMatching(
        /^keysweep-oidc-[\w-]{8}=[\w.%-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    const asked = new URL(String(led.headers.location)).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect([name, asked.get(name)]).toEqual([name, expect.stringMatching(/^[\w-]{43}$/)]);
    }
  });

  test('refuses a cookie whose way back was changed', async () => {
    const { follow, browser } = await openBoth(get());
    const change = (url: URL) => {
      const [name, value] = attemptIn(browser);
      if (value !== undefined) browser.cookies.set(name, `${value}a`);
      return url;
    };
    expect((await follow('/sign-in/oidc?next=/a', change)).status).toBe(403);
  });

  test('takes no code twice', async () => {
    const { follow, browser, who } = await openBoth(get());
    let callback = '';
    let cookie: [name: string, value: string] = ['', ''];
    await follow('/sign-in/oidc', (url) => {
      if (url.pathname.endsWith('/callback')) {
        callback = url.pathname + url.search;
        const [name, value = ''] = attemptIn(browser);
        cookie = [name, value];
      }
      return url;
    });
    expect(await who()).toEqual({ ...ann, role: 'operator' });
    browser.cookies.clear();
    browser.cookies.set(...cookie);
    expect((await browser.visit(callback)).status).toBe(403);
    expect(await who()).toBeNull();
  });

  test('is recorded for whoever had no session to renew', async () => {
    const { follow, who } = await openBoth(get());
    const earlier = (await signIns(get())).length;
    await follow('/sign-in/oidc?silent=1');
    expect((await who())?.name).toBe(ann.name);
    expect((await signIns(get())).slice(earlier)).toEqual([ann.name]);
  });

  test.each([
    ['its subject and mail', { email_verified: true }, 'ann@x.example'],
    ['a mail of which the provider says nothing more', {}, 'ann@x.example'],
    ['no mail that the provider has not verified', { email_verified: false }, null],
    ['no mail that is no text', { email: ['ann@x.example'] }, null],
  ])('is recorded with %s, as is what the person does', async (page, claims, mail) => {
    const { follow, provider, browser } = await openBoth(get());
    provider.state.change = (said) => ({ ...said, email: 'ann@x.example', ...claims });
    await follow('/sign-in/oidc');
    const form = { 'form-token': formTokenIn(await browser.visit('/')), page };
    await browser.visit('/actions/sweep', { form });
    const { rows } = await sql<object>`
      select what, who, known, subject, mail from keysweep.audit_record order by id desc limit 2
    `.execute(get().db);
    const person = { who: ann.name, known: 'oidc', subject: 'u-1', mail };
    expect(rows).toEqual([
      { what: 'sweep', ...person },
      { what: 'sign-in', ...person },
    ]);
    const asked = await sql<object>`
      select requested_by as who, requested_known as known, requested_subject as subject,
        requested_mail as mail
      from keysweep.request order by asked_at desc limit 1
    `.execute(get().db);
    expect(asked.rows).toEqual([person]);
  });

  test('takes the mail from the user info where the ID token has none', async () => {
    const { follow } = await openBoth(get());
    await follow('/sign-in/oidc');
    const { rows } = await sql<object>`
      select mail from keysweep.audit_record order by id desc limit 1
    `.execute(get().db);
    expect(rows).toEqual([{ mail: 'ann@info.example' }]);
  });

  test('is recorded for somebody else in place of whoever had the session', async () => {
    const { follow, who, provider } = await openBoth(get());
    await follow('/sign-in/oidc');
    const earlier = (await signIns(get())).length;
    await end(get());
    provider.state.change = (claims) => ({ ...claims, sub: 'u-2' });
    await follow('/');
    expect((await who())?.name).toBe('ann (u-2)');
    expect((await signIns(get())).slice(earlier)).toEqual(['ann (u-2)']);
  });

  test('is renewed without a question after ten minutes, which is no sign-in to record', async () => {
    const { follow, who, browser } = await openBoth(get());
    const records = async () => {
      const { rows } = await sql<object>`
        select who, role, what, input, outcome from keysweep.audit_record order by id
      `.execute(get().db);
      return rows;
    };
    const earlier = (await records()).length;
    await follow('/sign-in/oidc');
    const before = browser.cookies.get('keysweep');
    await end(get());
    expect(await who()).toBeNull();
    const page = await follow('/?by=source');
    expect(page.text).toContain('<bdi>ann (u-1)</bdi>, operator');
    expect(browser.cookies.get('keysweep')).not.toBe(before);
    const recorded = { who: ann.name, role: 'operator', what: 'sign-in', outcome: 'done' };
    expect((await records()).slice(earlier)).toEqual([{ ...recorded, input: { by: 'oidc' } }]);
  });

  test('holds for ten minutes, then the provider is asked again', async () => {
    const { follow, who } = await openBoth(get());
    await follow('/sign-in/oidc');
    const shift = (by: string) =>
      run(get(), `update keysweep.session set ends_at = ends_at - interval '${by}'`);
    await shift('9 minutes');
    expect((await who())?.name).toBe(ann.name);
    await shift('1 minute');
    expect(await who()).toBeNull();
  });

  test('is renewed in several tabs at once, none of which signs in anew', async () => {
    const { follow, browser, there, who, provider } = await openBoth(get());
    await follow('/sign-in/oidc');
    const earlier = (await signIns(get())).length;
    await end(get());
    const begin = async (next: string) => {
      const begun = await browser.visit(`/sign-in/oidc?silent=1&next=${next}`);
      const asked = new URL(String(begun.headers.location));
      expect(asked.origin).toBe(provider.issuer);
      const back = (await there.visit(asked.pathname + asked.search)).headers.location;
      return new URL(String(back));
    };
    const tabs = [await begin('/keys'), await begin('/sweeps'), await begin('/scopes')];
    for (const [at, back] of tabs.entries()) {
      const led = await browser.visit(back.pathname + back.search);
      expect(led.headers.location).toBe(['/keys', '/sweeps', '/scopes'][at]);
    }
    expect(await who()).toEqual({ ...ann, role: 'operator' });
    expect([...browser.cookies.keys()]).toEqual(['keysweep']);
    expect((await signIns(get())).slice(earlier)).toEqual([]);
  });

  test('leads back to the longest address there may be', async () => {
    const { follow, browser } = await openBoth(get());
    const next = `/findings?text=${'%D0%9A'.repeat(330)}`;
    await browser.visit(`/sign-in/oidc?next=${encodeURIComponent(next)}`);
    // A browser keeps no longer cookie.
    expect(browser.written.map((line) => line.split(';')[0]?.length ?? 0)).toEqual([
      expect.toSatisfy((length: number) => length < 4_096),
    ]);
    const page = await follow(`/sign-in/oidc?next=${encodeURIComponent(next)}`);
    expect(page.text).toContain(`value="${'К'.repeat(330)}"`);
  });

  test('that is begun again and again leaves room for other headers', async () => {
    const { browser } = await openBoth(get());
    const next = encodeURIComponent(`/findings?text=${'a'.repeat(1_900)}`);
    for (let time = 0; time < 12; time += 1) {
      expect((await browser.visit(`/sign-in/oidc?next=${next}`)).status).toBe(303);
    }
  });

  test('ends with the role that was taken away, and with the session there', async () => {
    const { follow, who, provider, there, browser } = await openBoth(get());
    await follow('/sign-in/oidc');
    await end(get());
    provider.state.groups = ['all'];
    await follow('/');
    expect((await who())?.role).toBe('viewer');
    await end(get());
    provider.state.groups = [];
    expect((await follow('/')).status).toBe(403);
    expect(await who()).toBeNull();

    provider.state.groups = ['sec'];
    await follow('/sign-in/oidc');
    await end(get());
    there.cookies.clear();
    const page = await follow('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<h1>Sign in</h1>');
    expect(browser.cookies.has('keysweep')).toBe(false);
  });

  test('holds for this provider alone', async () => {
    const { follow, browser } = await openBoth(get());
    await follow('/sign-in/oidc');
    const other = await openBoth(get());
    for (const [name, value] of browser.cookies) other.browser.cookies.set(name, value);
    expect(await other.who()).toBeNull();
  });

  test('is undone there too', async () => {
    const { follow, browser, there, provider, who } = await openBoth(get());
    const page = await follow('/sign-in/oidc');
    const form = { 'form-token': formTokenIn(page) };
    const out = await browser.visit('/sign-out', { form, headers: { origin: publicUrl } });
    expect(out.status).toBe(200);
    const place = new URL(String(out.headers['refresh']).replace('0; url=', ''));
    expect(place.origin).toBe(provider.issuer);
    expect(place.searchParams.get('post_logout_redirect_uri')).toBe(`${publicUrl}/sign-in`);
    const asked = await there.visit(place.pathname + place.search);
    expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('<form')]);
    expect(await who()).toBeNull();
  });
});

describeStores('without a provider that answers', (get) => {
  test('the page says so, and tokens still work', async () => {
    const { provider, follow, browser, who, lines } = await openBoth(get());
    await provider.close();
    const page = await follow('/sign-in/oidc');
    expect(page.status).toBe(503);
    expect(page.text).toContain('cannot be reached now. Tokens still work.');
    expect(lines.join('')).toContain('"code":"ECONNREFUSED"');
    expect(lines.join('')).not.toContain(clientSecret);
    const headers = { origin: publicUrl };
    await (browser as Browser).visit('/sign-in', { form: { token: opsToken }, headers });
    expect((await who())?.name).toBe('ops');
  });

  test('a browser at another name of this server is led to the public one, once', async () => {
    const { port } = await openBoth(get());
    const browser = openBrowser(port);
    const led = await browser.visit('/sign-in/oidc?next=/a');
    const there = new URL(String(led.headers.location));
    expect([led.status, there.origin, there.pathname]).toEqual([303, publicUrl, '/sign-in/oidc']);
    expect(there.searchParams.get('next')).toBe('/a');
    // The proxy at the public name asks by a name of its own.
    const still = await browser.visit(there.pathname + there.search);
    expect(still.status).toBe(421);
    expect(still.text).toContain(`must pass on the header Host, which is ${host}`);
  });
});
