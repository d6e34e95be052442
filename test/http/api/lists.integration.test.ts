import { afterEach, beforeEach, expect, test } from 'vitest';
import type { z } from 'zod';
import { registry } from '../../../src/operations/index.ts';
import { anAlert } from '../../record/an-alert.ts';
import { describeStores } from '../../record/stores.ts';
import { aSource, aTrackedKey, inputs, sweep } from '../../record/world.ts';
import { anApi } from './an-api.ts';

interface ListJson {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
}

describeStores('lists over HTTP', (get) => {
  let api: Awaited<ReturnType<typeof anApi>>;
  beforeEach(async () => {
    api = await anApi(get());
  });
  afterEach(() => api.close());

  const list = async (path: string): Promise<ListJson> => {
    const answer = await api.ask(path);
    expect(answer.status).toBe(200);
    return (await answer.json()) as ListJson;
  };

  /** The items of all pages. */
  const walk = async (path: string) => {
    const all: Readonly<Record<string, unknown>>[] = [];
    for (let cursor = ''; ; ) {
      const { items, next } = await list(`${path}${cursor}`);
      all.push(...items);
      if (next === null) return all;
      cursor = `&cursor=${next}`;
    }
  };

  const refusal = async (path: string) => {
    const answer = await api.ask(path);
    const { status, detail } = (await answer.json()) as { status: number; detail: string };
    expect(status).toBe(answer.status);
    return `${status} ${detail}`;
  };

  test('have 100 items a page, up to 1,000 on request, and continue with a cursor', async () => {
    const source = aSource();
    const keys = Array.from({ length: 205 }, (_, n) =>
      aTrackedKey(`key-${String(n).padStart(3, '0')}`, { source, tags: [n < 3 ? 'few' : 'many'] }),
    );
    const broken = Object.fromEntries(keys.map(({ keyId }) => [keyId, { breaks: ['stale'] }]));
    await sweep(get(), inputs(keys), broken);
    const named = `source=${source}`;
    const first = await list(`keys?${named}`);
    expect(first.items).toHaveLength(100);
    expect((await list(`keys?${named}&limit=1000`)).items).toHaveLength(205);
    for (const what of ['keys', 'findings']) {
      const found = await walk(`${what}?${named}&limit=100`);
      expect(found.map(({ keyId }) => keyId)).toEqual(keys.map(({ keyId }) => keyId));
      expect(await walk(`${what}?${named}&tag=few&limit=2`)).toHaveLength(3);
      expect(await list(`${what}?${named}&limit=205`)).toMatchObject({ next: null });
    }
    expect(await list(`keys?${named}&text=KEY-20&verdict=fail&limit=9`)).toMatchObject({
      items: [200, 201, 202, 203, 204].map((n) => ({ keyId: `key-${n}`, verdict: 'fail' })),
    });
  });

  test('of sweeps and alerts are newest first, and filtered by what they are', async () => {
    const source = aSource();
    const using = inputs([aTrackedKey('k', { source })]);
    const older = await sweep(get(), using);
    const { sweepId } = await sweep(get(), using, { k: { unknown: true } });
    const ids = (found: readonly Readonly<Record<string, unknown>>[]) => found.map(({ id }) => id);
    expect(ids(await walk('sweeps?scope=full&limit=1')).slice(0, 2)).toEqual([
      sweepId,
      older.sweepId,
    ]);
    const [newest] = (await list('sweeps?status=incomplete&trigger=request')).items;
    expect(newest).toMatchObject({ id: sweepId, status: 'incomplete' });
    expect((await list('sweeps?status=open')).items).toEqual([]);
    const channel = `c-${source}`;
    const pending = await anAlert(get(), { channel });
    const failed = await anAlert(get(), { channel, state: 'failed' });
    expect(ids(await walk(`alerts?channel=${channel}&limit=1`))).toEqual([failed, pending]);
    expect(ids((await list(`alerts?channel=${channel}&state=failed`)).items)).toEqual([failed]);
  });

  test.each([
    ['keys?limit=0', /^400 .*limit/s],
    ['keys?limit=1001', /^400 .*limit/s],
    ['keys?limit=ten', /^400 .*limit/s],
    ['keys?cursor=abc', /^400 cursor: not one that this list has given/],
    ['sweeps?cursor=', /^400 cursor: not one that this list has given/],
    ['keys?colour=red', /^400 .*colour/s],
    ['findings?severity=grave', /^400 .*severity/s],
    ['findings?verdict=good', /^400 .*verdict/s],
    ['findings?owner=nobody-here', /^400 no owner is called "nobody-here"/],
    ['findings?environment=moon', /^400 no environment is called "moon"/],
    ['keys?tag=nothing', /^400 no tag is called "nothing"/],
    ['keys?key=%25', /^400 no key id begins with "%"/],
    ['keys?text=%00', /^400 .*text/s],
    [`keys?text=${'x'.repeat(201)}`, /^400 .*text/s],
    [`findings?owner=${'x'.repeat(10_000)}`, /^400 .*owner/s],
    ['sweeps?schedule=weekly', /^400 no schedule is called "weekly"/],
    ['alerts?state=lost', /^400 .*state/s],
    ['alerts?sweep=0000', /^400 no sweep id begins with "0000"/],
  ])('a question that cannot be answered is a 400 that says why: %s', async (path, said) => {
    expect(await refusal(path)).toMatch(said);
  });

  test('hostile filters are text', async () => {
    const source = aSource();
    await sweep(get(), inputs([aTrackedKey("k'; --<b>", { source, owner: "o'\\ %" })]));
    const found = async (filter: string) =>
      (await list(`keys?source=${source}&${filter}`)).items.length;
    expect(await found(`text=${encodeURIComponent("'; --<B>")}`)).toBe(1);
    expect(await found(`text=${encodeURIComponent('o_\\ %')}`)).toBe(0);
    expect(await found(`owner=${encodeURIComponent("o'\\ %")}`)).toBe(1);
  });

  const lists = Object.values(registry).flatMap(({ method, path, input, ...rest }) =>
    'items' in rest && method === 'GET' && !path.includes('{')
      ? [[path, [...Object.keys((input as z.ZodObject).shape), 'limit', 'cursor']] as const]
      : [],
  );

  test.each(lists)('no filter of %s does anything but filter', async (path, filters) => {
    const hostile = [
      `'; drop table keysweep.finding; --`,
      `"><img src=x onerror=alert(1)>`,
      `%' or 1=1) union select 1 -- \\`,
      `{}[]\u202e\ud83d\ude00`,
    ];
    for (const name of filters) {
      for (const text of hostile) {
        const answer = await api.ask(`${path}?${name}=${encodeURIComponent(text)}`);
        expect([name, text, answer.status]).toEqual([name, text, expect.toBeOneOf([200, 400])]);
        const { items = [] } = (await answer.json()) as Partial<ListJson>;
        expect([name, text, items]).toEqual([name, text, []]);
      }
    }
    await list('findings');
  });

  test('a cursor of one list is refused by another', async () => {
    const source = aSource();
    await sweep(get(), inputs(['a', 'b'].map((id) => aTrackedKey(id, { source }))));
    const { next } = await list('keys?limit=1');
    expect(await refusal(`findings?cursor=${next}`)).toMatch(/^400 cursor: not one that this list/);
  });
});
