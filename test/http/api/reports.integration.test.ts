import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeStores } from '../../record/stores.ts';
import { aSource, inputs, open, someKeys, sweep } from '../../record/world.ts';
import { anApi } from './an-api.ts';

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describeStores('reports over HTTP', (get) => {
  let api: Awaited<ReturnType<typeof anApi>>;
  beforeEach(async () => {
    api = await anApi(get());
  });
  afterEach(() => api.close());

  const aReport = async () => {
    const keys = someKeys(1_200, aSource());
    const { sweepId } = await sweep(get(), inputs(keys), { key_0: { breaks: ['stale'] } });
    return sweepId;
  };

  const ask = async (
    id: string,
    query = '',
    headers: Record<string, string> = {},
    method = 'GET',
  ) => {
    const answer = await api.ask(`sweeps/${id}${query}`, { headers, method });
    const { status } = answer;
    return { status, headers: answer.headers, text: await answer.text() };
  };

  test('come in every form, by name or by the header Accept', async () => {
    const id = await aReport();
    const forms = [
      ['json', 'application/json', /^\{\n/, 'json'],
      ['csv', 'text/csv', /^[^\n]*,severity,/, 'csv'],
      ['html', 'text/html', /^<!doctype html>/, 'html'],
      ['sarif', 'application/sarif+json', /sarif-schema|"runs"/, 'sarif'],
      ['table', 'text/plain', /1200 of 1200/, 'txt'],
    ] as const;
    const tags = new Set<string | null>();
    for (const [format, type, begin, extension] of forms) {
      const named = await ask(id, `?format=${format}`, { accept: 'image/png' });
      const accepted = await ask(id, '', { accept: `image/png;q=0.9, ${type}` });
      for (const answer of [named, accepted]) {
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
        expect(answer.headers.get('vary')).toContain('Accept');
        expect(answer.headers.get('content-disposition')).toBe(
          `inline; filename="keysweep-${id}.${extension}"`,
        );
        tags.add(answer.headers.get('etag'));
      }
      expect(named.text).toMatch(begin);
      expect(named.text).toContain('key_0');
      expect(accepted.text).toBe(named.text);
    }
    expect(tags.size).toBe(forms.length);
  });

  test('are JSON for a program, a page for a browser, and 400 in a form that there is not', async () => {
    const id = await aReport();
    const typeFor = async (accept: string) =>
      (await ask(id, '', { accept })).headers.get('content-type');
    expect(await typeFor('*/*')).toMatch(/^application\/json/);
    expect(await typeFor('image/png')).toMatch(/^application\/json/);
    expect(await typeFor(browser)).toMatch(/^text\/html/);
    const page = await ask('last', '?format=html');
    expect(page.headers.get('content-security-policy')).toMatch(/style-src 'sha256-.*frame-anc/);
    const refused = await ask(id, '?format=pdf');
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text)).toMatchObject({
      detail: 'format: must be one of json, csv, html, sarif, table',
    });
    expect((await ask(id, '?format=csv&format=html')).status).toBe(400);
    expect((await ask(id, '?formt=csv')).status).toBe(400);
  });

  test('have a tag: whoever has it gets 304, until something may have changed', async () => {
    const id = await aReport();
    const etag = (await ask(id)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w.-]+"$/);
    for (const known of [etag, `"x", W/${etag}`, '*']) {
      const again = await ask(id, '', { 'if-none-match': known });
      expect([again.status, again.text]).toEqual([304, '']);
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('cache-control')).toBe('private, no-cache');
    }
    const other = await ask(id, '?format=csv', { 'if-none-match': etag });
    expect(other.status).toBe(200);
    expect((await ask('last', '', { 'if-none-match': etag })).status).toBe(304);

    await sweep(get(), inputs(someKeys(1, aSource())), { key_0: { breaks: ['old'] } });
    const changed = await ask(id, '', { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test('answer HEAD with the headers alone', async () => {
    const id = await aReport();
    const whole = await ask(id, '?format=csv');
    const head = await ask(id, '?format=csv', {}, 'HEAD');
    expect(head.status).toBe(200);
    for (const name of ['etag', 'content-type', 'content-disposition', 'vary']) {
      expect(head.headers.get(name)).toBe(whole.headers.get(name));
    }
    expect(head.text).toBe('');
    const tag = whole.headers.get('etag') ?? '';
    expect((await ask(id, '?format=csv', { 'if-none-match': tag }, 'HEAD')).status).toBe(304);
    expect((await ask('ffffffff', '', {}, 'HEAD')).status).toBe(404);
  });

  test('are refused while the sweep runs, and absent of a sweep that is not kept', async () => {
    const opened = await open(get(), inputs(someKeys(1, aSource())));
    expect((await ask(opened.sweepId)).status).toBe(422);
    expect((await ask('00000000-0000-0000-0000-000000000000')).status).toBe(404);
  });
});
