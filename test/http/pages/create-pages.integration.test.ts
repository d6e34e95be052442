import { expect, test } from 'vitest';
import { collectKeys } from '../../../src/inventory/listed-keys.ts';
import { describeStores, type GetDatabase } from '../../record/stores.ts';
import { run } from '../../record/world.ts';
import { openDashboard } from './a-dashboard.ts';
import { shippedConfig, writePast } from './a-past.ts';

const until = new Date('2026-11-29T07:30:00Z');
const asBrowser = { headers: { accept: 'text/html,*/*;q=0.8' } };

const textOf = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toBe('text/html; charset=UTF-8');
  return answer.text();
};

describeStores('the pages', (get) => {
  test.each([
    ['/findings', 'No finding is open.'],
    ['/keys', 'key_checkout_api'],
    ['/scopes', 'No sweep has seen a key yet.'],
    ['/sweeps', 'No night has been swept yet.'],
    ['/alerts', 'No alert has been planned yet.'],
    ['/policy', 'stale-45'],
    ['/controls', 'The evidence log is empty until the first sweep.'],
    ['/audit-log', 'Nobody has asked for a change yet.'],
  ])('of an empty store have a word for what is not there: %s', async (path, words) => {
    const { ask } = await openDashboard(get());
    const answer = await ask(path, asBrowser);
    expect(answer.status).toBe(200);
    expect(await textOf(answer)).toContain(words);
  });

  test('of an empty store say what is not there yet', async () => {
    const { ask } = await openDashboard(get());
    const page = await textOf(await ask('/', asBrowser));
    expect(page).toContain('<h1>No sweep has closed yet</h1>');
    expect(page).toContain('The inventory has 58 keys.');
    expect(page).toContain('no full sweep yet');
    expect(page).not.toContain('Sweep now');
  });

  test('of an empty store know the keys of the inventory, and let operators begin', async () => {
    const { ask } = await openDashboard(get(), { name: 'olga', role: 'operator', from: '::1' });
    expect(await textOf(await ask('/', asBrowser))).toContain('Sweep now');
    const list = await textOf(await ask('/keys', asBrowser));
    const path = /href="(\/keys\/[^"?]+)"/.exec(list)?.[1] ?? 'none';
    const answer = await ask(path, asBrowser);
    expect([path, answer.status]).toEqual([path, 200]);
    const page = await textOf(answer);
    expect(page).toContain('not audited yet');
    expect(page).toContain('Audit now');
    expect(page).toContain('No sweep has judged this key yet.');
  });

  test.each(['/findings', '/keys', '/scopes', '/sweeps', '/alerts', '/audit-log'])(
    'of a list take 100 filters at most, each of which is a link with all the others: %s',
    async (path) => {
      const { ask } = await openDashboard(get());
      const filters = (count: number) =>
        Array.from({ length: count }, (_, at) => `other=${at}`).join('&');
      const some = await textOf(await ask(`${path}?${filters(100)}`, asBrowser));
      expect(some).not.toContain('at most');
      const answer = await ask(`${path}?${filters(101)}`, asBrowser);
      expect(answer.status).toBe(400);
      const page = await textOf(answer);
      expect(page).toContain('a list takes 100 filters at most');
      expect(page.length).toBeLessThan(50_000);
    },
  );

  test.each(['/findings', '/keys', '/scopes', '/sweeps', '/alerts', '/audit-log'])(
    'of a list show SQL and HTML in any filter as text: %s',
    async (path) => {
      const { ask } = await openDashboard(get());
      const text = encodeURIComponent(`"><img src=x onerror=alert(1)>'; drop table keysweep.sweep`);
      const names = [
        ...['text', 'status', 'severity', 'rule', 'owner', 'source', 'environment', 'tag', 'key'],
        ...['verdict', 'type', 'schedule', 'scope', 'trigger', 'state', 'channel', 'sweep', 'who'],
        ...['what', 'origin', 'outcome', 'from', 'to', 'sort', 'cursor', 'other'],
      ];
      for (const name of names) {
        const answer = await ask(`${path}?${name}=${text}`, asBrowser);
        expect([name, answer.status]).toEqual([name, expect.toBeOneOf([200, 400])]);
        expect([name, (await textOf(answer)).includes('<img')]).toEqual([name, false]);
      }
      expect((await ask(path, asBrowser)).status).toBe(200);
    },
  );

  test('refer only to files of this server, which a browser may keep for ever', async () => {
    const { ask } = await openDashboard(get(), 'nobody');
    const page = await textOf(await ask('/nowhere', asBrowser));
    expect(page).not.toContain('<nav');
    const paths = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(paths).toHaveLength(3);
    for (const path of paths) {
      const file = await ask(path ?? '');
      expect(file.status).toBe(200);
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    }
    expect(page).not.toMatch(/https?:\/\//);
  });

  test('allow no script and no style in themselves, and no other page around them', async () => {
    const { ask } = await openDashboard(get());
    const answer = await ask('/', asBrowser);
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; style-src 'self'; script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await textOf(answer);
    expect(page).not.toMatch(/<style|\sstyle="|\son[a-z]+="|<script(?! type="module" src="\/)/);
  });

  test('are for nobody who has not signed in', async () => {
    const { ask } = await openDashboard(get(), 'nobody');
    const led = await ask('/?a=1', { ...asBrowser, redirect: 'manual' });
    expect([led.status, led.headers.get('location')]).toEqual([303, '/sign-in?next=%2F%3Fa%3D1']);
    const refused = await ask('/');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="keysweep"');
    expect(await refused.text()).not.toContain('58 keys');
  });

  test('answer an unknown address with a page for people and a problem for programs', async () => {
    const { ask, lines } = await openDashboard(get());
    const page = await ask('/no-such-page', asBrowser);
    expect(page.status).toBe(404);
    expect(await textOf(page)).toContain('<h1>There is no such page</h1>');
    const problem = await ask('/no-such-page');
    expect(problem.status).toBe(404);
    expect(problem.headers.get('content-type')).toBe('application/problem+json');
    expect(lines).toEqual([]);
  });

  test('begin with the coverage of the last full sweep, and say what it changed', async () => {
    const config = await shippedConfig();
    const past = { config, until, nights: 4, missed: [2], incomplete: [1] };
    await writePast(get(), past);
    const { ask } = await openDashboard(get());
    const page = await textOf(await ask('/', asBrowser));
    expect(page).toContain('<h1>58 of 58 audited, 0 unknown</h1>');
    expect(page).toContain('4 nights: 2 complete, 1 incomplete, 1 missed, 0 skipped');
    expect(page).toContain('datetime="2026-11-30T07:30:00.000Z"');
    expect(page).not.toContain('simulated');
    await run(get(), 'update keysweep.sweep set simulated = true where id = 1');
    const marked = await textOf(await ask('/', asBrowser));
    expect(marked).toContain('Some of the nights shown here are simulated.');
    expect(marked).toContain('(simulated)');
    const ofSchedule = /last sweep<\/a>(?:(?!<li).)*<\/time> \(simulated\)/;
    expect(marked).not.toMatch(ofSchedule);
    await run(get(), 'update keysweep.sweep set simulated = true');
    expect(await textOf(await ask('/', asBrowser))).toMatch(ofSchedule);
    await run(get(), 'update keysweep.sweep set simulated = id = 1');
  });

  test('list findings as the query asks for them, and say why they cannot', async () => {
    const { ask } = await openDashboard(get());
    const page = async (path: string) => textOf(await ask(path, asBrowser));
    const keysOf = (html: string) =>
      [...html.matchAll(/<th scope="row"><a href="([^"]+)"/g)].map(([, path]) => path);
    const all = await page('/findings?status=any');
    const open_ = keysOf(await page('/findings'));
    expect(open_.length).toBeGreaterThan(3);
    expect(keysOf(await page('/findings?rule=owner&status=open'))).not.toEqual(open_);
    expect(all).toContain('What to do');
    const newest = keysOf(await page('/findings?sort=newest'));
    const oldest = keysOf(await page('/findings?sort=oldest'));
    expect(newest).toHaveLength(oldest.length);
    expect(newest).not.toEqual(oldest);
    const wrong = await ask('/findings?owner=nobody-here', asBrowser);
    expect(wrong.status).toBe(400);
    expect(await textOf(wrong)).toContain('no owner is called &quot;nobody-here&quot;');
    const bad = await ask('/findings?severity=<b>', asBrowser);
    expect(bad.status).toBe(400);
    expect(await textOf(bad)).toMatch(/role="alert"><bdi>severity: Invalid option: [^\\]*<\/bdi>/);
    expect((await ask('/findings?cursor=x', asBrowser)).status).toBe(400);
  });

  test.each([
    ['/findings', 'severty', 'known: text, status, severity, '],
    ['/keys', 'sort', 'known: text, verdict, '],
    ['/controls', 'contrl', 'known: from, to, control'],
  ])(
    'say that a filter is not known, as the API does, and list nothing: %s',
    async (path, name, known) => {
      const { ask } = await openDashboard(get());
      const answer = await ask(`${path}?${name}=high`, asBrowser);
      expect(answer.status).toBe(400);
      const words = `no filter is called &quot;${name}&quot;; ${known}`;
      expect(await textOf(answer)).toContain(words);
      expect((await ask(`${path}?${name}=`, asBrowser)).status).toBe(200);
    },
  );

  test.each(['/findings', '/keys'])(
    'offer the environments and tags of the inventory: %s',
    async (path) => {
      const { ask } = await openDashboard(get());
      const page = async (query: string) => textOf(await ask(path + query, asBrowser));
      const keys = await collectKeys((await shippedConfig()).inventory);
      const key = keys.find(({ environment, tags }) => environment !== null && tags.length > 0);
      const { environment, tags: [tag = ''] = [] } = key ?? {};
      const html = await page('');
      for (const [name, value] of [
        ['environment', environment],
        ['tag', tag],
      ]) {
        const field = new RegExp(`<select name="${name}">.*?</select>`).exec(html)?.[0];
        expect([name, field]).toEqual([name, expect.stringContaining(`<option value="${value}">`)]);
        expect(await page(`?${name}=${value}`)).toContain(`<option value="${value}" selected="">`);
      }
    },
  );

  test('lead from a finding to its key, its rule and the sweeps that saw it', async () => {
    const { ask } = await openDashboard(get());
    const page = async (path: string) => {
      const answer = await ask(path, asBrowser);
      expect([path, answer.status]).toEqual([path, 200]);
      return textOf(answer);
    };
    const pathIn = (html: string, path: RegExp) => path.exec(html)?.[1] ?? 'none';
    const findings = await page('/findings');
    const key = await page(pathIn(findings, /href="(\/keys\/[^"?]+)"/));
    expect(key).toContain('Over the nights');
    expect(key.match(/<path d="M[^"]*" class="idle"/g)).toHaveLength(1);
    const keysOfAll = [...findings.matchAll(/href="(\/keys\/[^"?]+)"/g)].map(
      ([, path = '']) => path,
    );
    const most = keysOfAll.find((path, at) => keysOfAll.indexOf(path) !== at) ?? 'none';
    const open = (await page(most)).split('badge is-pass')[0] ?? '';
    const ranks = [...open.matchAll(/<span class="sev (\w+)">/g)].map(([, one = '']) =>
      ['critical', 'high', 'medium', 'low', 'info'].indexOf(one),
    );
    expect(ranks.length).toBeGreaterThan(1);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(await page(pathIn(findings, /href="(\/policy\/rules\/[^"]+)"/))).toContain(
      'What it finds',
    );
    const sweep = await page(pathIn(key, /href="(\/sweeps\/[^"]+)"/));
    expect(sweep).toContain('What it cost');
    expect(sweep).toContain('?format=html');
  });

  test('show the verdict of a key as it is now above its older nights', async () => {
    const [key] = await collectKeys((await shippedConfig()).inventory);
    const { source, keyId } = key ?? { source: '', keyId: '' };
    await run(get(), `update keysweep.tracked_key set verdict = 3 where key_id = '${keyId}'`);
    const { ask } = await openDashboard(get());
    for (const path of ['', '?before=2']) {
      const page = await textOf(await ask(`/keys/${source}/${keyId}${path}`, asBrowser));
      expect(/<h1>.*?<\/h1>/.exec(page)?.[0]).toContain('>waived</span>');
    }
  });

  test('list keys by verdict, scopes by owner, and every night in a calendar', async () => {
    const { ask } = await openDashboard(get());
    const page = async (path: string) => textOf(await ask(path, asBrowser));
    const failing = await page('/keys?verdict=fail');
    expect(failing).toContain('<span class="badge is-fail">fail</span>');
    expect(failing).not.toContain('<span class="badge is-pass">pass</span>');
    expect(await page('/scopes?owner=risk')).toContain('has it, approved');
    const typesOf = async (path: string) => {
      const keys = [...(await page(path)).matchAll(/<th scope="row"><a href="([^"?]+)"/g)];
      const shown = keys.map(
        async ([, key = '']) => /<dt>Type<\/dt><dd>(.*?)<\/dd>/.exec(await page(key))?.[1],
      );
      return [...new Set(await Promise.all(shown))];
    };
    expect(await typesOf('/scopes?type=public')).toEqual(['<bdi>public</bdi>']);
    expect(await typesOf('/scopes?type=nothing')).toEqual([]);
    await run(
      get(),
      `insert into keysweep.tick (schedule, due_at, outcome, trigger)
       values ('nightly', '2026-11-25T07:30:00Z', 'skipped', 'schedule')`,
    );
    const calendar = await page('/sweeps');
    expect(calendar).toContain('title="2026-11-25: skipped: a sweep was open"');
    expect(calendar).toContain('title="2026-11-27: missed"');
    expect(calendar).toMatch(/<a [^>]*title="2026-11-28: incomplete">/);
  });

  test('know no key, sweep or rule that is not there', async () => {
    const { ask } = await openDashboard(get());
    for (const path of ['/keys/a/b', '/keys/%00/b', '/sweeps/nope', '/policy/rules/nope']) {
      const answer = await ask(path, asBrowser);
      expect([path, answer.status]).toEqual([path, path.includes('%00') ? 400 : 404]);
      await textOf(answer);
    }
  });
});

test('a page that fails is a page that says so; the log says why', async () => {
  const config = await shippedConfig();
  const broken = {
    get db(): never {
      throw new TypeError('no such thing as a secret');
    },
  } as unknown as ReturnType<GetDatabase>;
  const { ask, lines } = await openDashboard(broken);
  const answer = await ask('/', asBrowser);
  expect(answer.status).toBe(500);
  const page = await textOf(answer);
  expect(page).toContain('<h1>This page could not be made</h1>');
  expect(page).not.toContain('secret');
  expect(lines.join('')).toContain('"route":"/"');
  expect(config.inventory.count).toBe(58);
});
