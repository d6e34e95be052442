import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { hashToken } from '../../../src/config/http/http-config.ts';
import { formTokenOf } from '../../../src/http/session/derive-from-secret.ts';
import { describeStores } from '../../record/stores.ts';
import { run } from '../../record/world.ts';
import { type Browser, formTokenIn, openBrowser } from './a-browser.ts';
import { openReplica, ops, opsToken } from './a-replica.ts';

const whoIs = async (browser: Browser) => JSON.parse((await browser.visit('/probe/who')).text);
const signIn = (browser: Browser, next = '/') =>
  browser.visit('/sign-in', { form: { token: opsToken, next } });
const asOps = { name: 'ops', role: 'operator', from: '127.0.0.1' };

describeStores('signing in with a token', (get) => {
  test('leads from a page to the form, and back to the page', async () => {
    const { port, lines } = await openReplica(get());
    const browser = openBrowser(port);
    const led = await browser.visit('/?severity=high');
    expect([led.status, led.headers.location]).toEqual([
      303,
      '/sign-in?next=%2F%3Fseverity%3Dhigh',
    ]);
    const form = await browser.visit(String(led.headers.location));
    expect(form.status).toBe(200);
    expect(form.text).toContain('name="next" value="/?severity=high"');
    const back = await signIn(browser, '/?severity=high');
    expect([back.status, back.headers.location]).toEqual([303, '/?severity=high']);
    expect((await browser.visit('/')).text).toContain('<bdi>ops</bdi>, operator');
    expect(await whoIs(browser)).toEqual(asOps);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'somebody signed in', name: 'ops', role: 'operator', from: '127.0.0.1' },
    ]);
    const again = await browser.visit('/sign-in?next=/a');
    expect([again.status, again.headers.location]).toEqual([303, '/a']);
  });

  test('keeps the session as a hash, and nothing of the token', async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    await signIn(browser);
    const secret = browser.cookies.get('keysweep') ?? '';
    const { rows } = await sql<object>`
      select *, encode(id, 'hex') id_hex, encode(credential, 'hex') credential_hex
      from keysweep.session
    `.execute(get().db);
    const kept = JSON.stringify(rows);
    expect(kept).toContain(hashToken(secret).toString('hex'));
    for (const hidden of [secret, opsToken, ops.sha256.toString('hex')]) {
      expect(kept).not.toContain(hidden);
    }
  });

  test('is known to every replica, until somebody signs out at one of them', async () => {
    const [one, other] = [await openReplica(get()), await openReplica(get())];
    const browser = openBrowser(one.port);
    await signIn(browser);
    const elsewhere = openBrowser(other.port);
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value);
    expect(await whoIs(elsewhere)).toEqual(asOps);
    const page = await elsewhere.visit('/');
    const form = { 'form-token': formTokenIn(page) };
    const out = await elsewhere.visit('/sign-out', { form });
    expect([out.status, out.headers.location]).toEqual([303, '/sign-in?out']);
    expect((await elsewhere.visit('/sign-in?out')).text).toContain('You have signed out.');
    expect(elsewhere.cookies.size).toBe(0);
    expect(await whoIs(browser)).toBeNull();
  });

  test('begins with a new session each time, and ends the one before', async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    browser.cookies.set('keysweep', 'a'.repeat(43));
    await signIn(browser);
    const first = browser.cookies.get('keysweep') ?? '';
    expect(first).not.toBe('a'.repeat(43));
    await signIn(browser);
    expect(browser.cookies.get('keysweep')).not.toBe(first);
    browser.cookies.set('keysweep', first);
    expect(await whoIs(browser)).toBeNull();
  });

  test('ends after 12 hours, and is then removed', async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    await signIn(browser);
    const shift = (by: string) =>
      run(
        get(),
        `update keysweep.session set ends_at = ends_at - interval '${by}',
          forgotten_at = forgotten_at - interval '${by}'`,
      );
    await shift('11 hours 59 minutes');
    expect(await whoIs(browser)).toEqual(asOps);
    await shift('1 minute');
    expect(await whoIs(browser)).toBeNull();
    await signIn(openBrowser(port));
    const { rows } = await sql<{ n: number }>`
      select count(*)::int n from keysweep.session where ends_at < now()
    `.execute(get().db);
    expect(rows).toEqual([{ n: 0 }]);
  });

  test.each([
    ['another role', [{ ...ops, role: 'viewer' as const }], 'viewer'],
    ['another token of that name', [{ ...ops, sha256: hashToken('another-token') }], undefined],
    ['another name', [{ ...ops, name: 'two' }], undefined],
    ['no tokens', [], undefined],
  ])('holds as the configuration does: with %s', async (_what, tokens, role) => {
    const browser = openBrowser((await openReplica(get())).port);
    await signIn(browser);
    const changed = openBrowser((await openReplica(get(), { tokens })).port);
    for (const [name, value] of browser.cookies) changed.cookies.set(name, value);
    expect((await whoIs(changed))?.role).toBe(role);
  });

  test('is refused with a wrong token, and held off after twenty of them', async () => {
    const { port, denied } = await openReplica(get());
    const browser = openBrowser(port);
    const guess = () => browser.visit('/sign-in', { form: { token: 'wrong-token' } });
    for (let n = 0; n < 20; n += 1) {
      const refused = await guess();
      expect(refused.status).toBe(401);
      expect(refused.text).toContain('This token is not known.');
      expect(refused.text).not.toContain('wrong-token');
    }
    const held = await guess();
    expect(held.status).toBe(429);
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
    expect((await signIn(browser)).status).toBe(429);
    expect(browser.cookies.size).toBe(0);
    expect(denied).toHaveLength(22);
  });
});

describeStores('the cookie of a session', (get) => {
  const publicUrl = 'https://keysweep.example';

  test('is for this server alone, and no script reads it', async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    await signIn(browser);
    expect(browser.written.at(-1)).toMatch(
      /^keysweep=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  test('travels over TLS only, where the browser asked over TLS', async () => {
    const { port } = await openReplica(get(), { http: { publicUrl } });
    const browser = openBrowser(port, 'keysweep.example');
    const headers = { origin: publicUrl };
    await browser.visit('/sign-in', { form: { token: opsToken }, headers });
    expect(browser.written.at(-1)).toMatch(
      /^__Host-keysweep=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(await whoIs(browser)).toEqual(asOps);
    const secret = browser.cookies.get('__Host-keysweep') ?? '';
    browser.cookies.clear();
    browser.cookies.set('keysweep', secret);
    expect(await whoIs(browser)).toBeNull();
    // On the machine itself, without TLS.
    const local = openBrowser(port);
    await signIn(local);
    expect([...local.cookies.keys()]).toEqual(['keysweep']);
  });

  test('believes a proxy that it is behind TLS only where that proxy is trusted', async () => {
    const names = async (trustedProxies: readonly string[]) => {
      const { port } = await openReplica(get(), { http: { trustedProxies } });
      const browser = openBrowser(port);
      const headers = { 'x-forwarded-proto': 'https' };
      await browser.visit('/sign-in', { form: { token: opsToken }, headers });
      return [...browser.cookies.keys()];
    };
    expect(await names(['127.0.0.1'])).toEqual(['__Host-keysweep']);
    expect(await names([])).toEqual(['keysweep']);
  });

  test.each(['', 'short', 'a'.repeat(44), `${'a'.repeat(42)}!`, 'x'.repeat(4_000)])(
    'of the form “%.20s” signs nobody in',
    async (value) => {
      const browser = openBrowser((await openReplica(get())).port);
      browser.cookies.set('keysweep', value);
      expect(await whoIs(browser)).toBeNull();
    },
  );
});

describeStores('a change in a session', (get) => {
  test('needs the token of that session, in the form or in a header', async () => {
    const { port } = await openReplica(get());
    const [browser, other] = [openBrowser(port), openBrowser(port)];
    await signIn(browser);
    await signIn(other);
    const own = formTokenIn(await browser.visit('/'));
    const foreign = formTokenIn(await other.visit('/'));
    const change = async (form: Record<string, string>, headers = {}) =>
      (await browser.visit('/probe/who', { form, headers })).status;
    expect(await change({ 'form-token': own })).toBe(200);
    expect(await change({}, { 'x-form-token': own })).toBe(200);
    for (const wrong of ['', 'wrong', `${own}a`, own.slice(0, -1), foreign]) {
      expect(await change({ 'form-token': wrong })).toBe(403);
      expect(await change({}, { 'x-form-token': wrong })).toBe(403);
    }
    expect(await change({})).toBe(403);
    expect((await browser.visit('/sign-out', { form: {} })).status).toBe(403);
    expect(await whoIs(browser)).toEqual(asOps);
  });

  test('is taken with the token of any page of the session; each page masks it anew', async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    await signIn(browser);
    const tokens: string[] = [];
    for (const path of ['/', '/', '/sweeps']) tokens.push(formTokenIn(await browser.visit(path)));
    expect(new Set(tokens).size).toBe(3);
    for (const token of tokens) {
      const changed = await browser.visit('/probe/who', { form: { 'form-token': token } });
      expect(changed.status).toBe(200);
    }
    // The token itself, which no page shows, and a half without the other.
    const secret = browser.cookies.get('keysweep') ?? '';
    const [half = ''] = tokens.map((token) => token.slice(0, 43));
    for (const wrong of [formTokenOf(secret), half]) {
      const refused = await browser.visit('/probe/who', { form: { 'form-token': wrong } });
      expect(refused.status).toBe(403);
    }
  });

  test('is refused from a page of another origin, with the token too', async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    await signIn(browser);
    const form = { 'form-token': formTokenIn(await browser.visit('/')) };
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'same-site' }]) {
      expect((await browser.visit('/probe/who', { form, headers })).status).toBe(403);
    }
    const headers = { origin: 'https://evil.example' };
    const lured = openBrowser(port);
    await lured.visit('/sign-in', { form: { token: opsToken }, headers });
    expect(lured.cookies.size).toBe(0);
  });

  test('needs no such token from a program with a token of its own', async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    await signIn(browser);
    const headers = { authorization: `Bearer ${opsToken}` };
    expect((await browser.visit('/probe/who', { form: {}, headers })).status).toBe(200);
  });

  test('may not be larger than 2 MB', async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    await signIn(browser);
    const form = { text: 'a'.repeat(2 * 1_024 * 1_024) };
    expect((await browser.visit('/probe/who', { form })).status).toBe(413);
    const field = { token: 'a'.repeat(16_384) };
    expect((await openBrowser(port).visit('/sign-in', { form: field })).status).toBe(413);
  });

  test.each(['multipart/form-data; boundary=B', 'multipart/form-data'])(
    'is refused where it cannot be read, which is no failure of ours: %s',
    async (type) => {
      const { port, lines } = await openReplica(get());
      const headers = { 'content-type': type };
      const stranger = openBrowser(port);
      const signedIn = openBrowser(port);
      await signIn(signedIn);
      const withToken = { ...headers, authorization: `Bearer ${opsToken}` };
      const sent = [
        await stranger.visit('/sign-in', { form: { token: 'a' }, headers }),
        await signedIn.visit('/actions/sweep', { form: { page: 'a' }, headers }),
        await stranger.visit('/actions/sweep', { form: { page: 'a' }, headers: withToken }),
      ];
      expect(sent.map(({ status }) => status)).toEqual([400, 400, 400]);
      expect(lines.join('')).not.toContain('a request failed');
    },
  );
});

describeStores('the link that start prints', (get) => {
  test('signs in once', async () => {
    const { port, codes, lines } = await openReplica(get());
    const code = codes.make();
    const browser = openBrowser(port);
    const led = await browser.visit(`/sign-in?code=${code}`);
    expect([led.status, led.headers.location]).toEqual([303, '/']);
    expect(await whoIs(browser)).toEqual(asOps);
    expect(lines.join('')).not.toContain(code);
    const late = openBrowser(port);
    const refused = await late.visit(`/sign-in?code=${code}`);
    expect(refused.status).toBe(401);
    expect(refused.text).toContain('This link was used before');
    expect(late.cookies.size).toBe(0);
  });

  test('is held off as wrong tokens are, and is not used up meanwhile', async () => {
    const { port, codes } = await openReplica(get());
    const browser = openBrowser(port);
    for (let n = 0; n < 20; n += 1) {
      expect((await browser.visit('/sign-in?code=wrong')).status).toBe(401);
    }
    const code = codes.make();
    expect((await browser.visit(`/sign-in?code=${code}`)).status).toBe(429);
    expect(codes.use(code)).toBe(true);
  });
});

describeStores('the audit record', (get) => {
  const kept = async () => {
    const { rows } = await sql<object>`
      select who, role, asserted, what, input, origin, outcome, ended_at is not null as ended
      from keysweep.audit_record order by id
    `.execute(get().db);
    return rows;
  };

  test('has who signed in, and how, and who signed out', async () => {
    const { port, codes, denied } = await openReplica(get());
    const browser = openBrowser(port);
    await signIn(browser);
    const form = { 'form-token': formTokenIn(await browser.visit('/')) };
    await browser.visit('/sign-out', { form });
    await browser.visit(`/sign-in?code=${codes.make()}`);
    // Nobody is signed in here.
    await openBrowser(port).visit('/sign-out', { form: {} });
    const done = { who: 'ops', role: 'operator', origin: '127.0.0.1', outcome: 'done' };
    const change = { ...done, asserted: null, ended: true };
    expect(await kept()).toEqual([
      { ...change, what: 'sign-in', input: { by: 'token' } },
      { ...change, what: 'sign-out', input: {} },
      { ...change, what: 'sign-in', input: { by: 'link' } },
    ]);
    expect(denied).toEqual([]);
    await browser.visit('/sign-in', { form: { token: 'wrong' } });
    await browser.visit('/sign-in?code=wrong');
    await browser.visit('/', { headers: { authorization: 'Bearer wrong' } });
    const nobody = { who: null, role: null, origin: '127.0.0.1', reason: 'the token is not known' };
    expect(denied).toEqual([
      { ...nobody, what: 'sign-in' },
      { ...nobody, what: 'sign-in' },
      { ...nobody, what: 'token' },
    ]);
  });

  test('is written with the session, or neither is', async () => {
    const { port } = await openReplica(get());
    const browser = openBrowser(port);
    await run(get(), 'alter table keysweep.audit_record rename to away');
    try {
      expect((await signIn(browser)).status).toBe(500);
    } finally {
      await run(get(), 'alter table keysweep.away rename to audit_record');
    }
    expect(browser.cookies.size).toBe(0);
    const before = await kept();
    await signIn(browser);
    expect(await kept()).toHaveLength(before.length + 1);
  });
});
