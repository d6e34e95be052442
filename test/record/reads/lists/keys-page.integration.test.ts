import { expect, test } from 'vitest';
import { keepKeys } from '../../../../src/inventory/keep-keys.ts';
import {
  type KeysFilter,
  readKeysPage,
} from '../../../../src/record/reads/lists/read-keys-page.ts';
import type { PageAsked } from '../../../../src/record/store/paging/page.ts';
import { describeStores } from '../../stores.ts';
import { aSource, aTrackedKey, claim, inputs, open, record, sweep } from '../../world.ts';

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describeStores('the list of keys', (get) => {
  /** Keys of this source; `tracked` are swept, of which `failing` fail. */
  const world = async (
    tracked: readonly string[],
    inventory: readonly string[],
    failing: readonly string[] = [],
  ) => {
    const source = aSource();
    const make = (id: string) => aTrackedKey(id, { source, tags: [`tag-${id}`] });
    const said = Object.fromEntries(failing.map((id) => [id, { breaks: ['stale'] }]));
    await sweep(get(), inputs(tracked.map(make)), said);
    const keys = keepKeys(inventory.map(make));
    const page = async (asked: PageAsked, filter: KeysFilter = {}) => {
      const found = await readKeysPage(get(), { source: [source], ...filter }, keys, asked);
      return { ids: found.items.map(({ keyId, verdict }) => `${keyId} ${verdict}`), ...found };
    };
    return { source, page };
  };

  /** All pages of this size. */
  const walk = async (
    page: (asked: PageAsked) => Promise<{ ids: string[]; next: string | null }>,
  ) => {
    const all: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const { ids, next } = await page({ limit: 2, cursor });
      all.push(...ids);
      if (next === null) return all;
      cursor = next;
    }
  };

  test('has the keys of the inventory that no sweep has opened in their places', async () => {
    const { page } = await world(['a2', 'b2', 'd1'], ['c1', 'b3', 'a1', 'a2', 'd2', 'b1', 'b2']);
    const all = [
      ...['a1 null', 'a2 pass', 'b1 null', 'b2 pass', 'b3 null', 'c1 null', 'd1 pass', 'd2 null'],
    ];
    expect((await page({ limit: 100 })).ids).toEqual(all);
    expect(await walk(page)).toEqual(all);
  });

  test('is the inventory alone where nothing was swept, and the tracked keys alone where it is the same', async () => {
    const { page } = await world(['z'], ['b', 'a', 'z']);
    expect(await walk((asked) => page(asked, { key: ['a', 'b'] }))).toEqual(['a null', 'b null']);
    const same = await world(['b', 'a', 'c'], ['b', 'a', 'c'], ['b']);
    expect(await walk(same.page)).toEqual(['a pass', 'b fail', 'c pass']);
  });

  test('a key of the inventory is filtered by what the inventory says of it', async () => {
    const { page } = await world(['a'], ['a', 'b', 'c']);
    const ids = async (filter: KeysFilter) => (await page({ limit: 9 }, filter)).ids;
    expect(await ids({ tag: ['tag-b', 'tag-a'] })).toEqual(['a pass', 'b null']);
    expect(await ids({ text: 'ANN' })).toEqual(['a pass', 'b null', 'c null']);
    expect(await ids({ owner: ['bob'] })).toEqual([]);
    expect(await ids({ verdict: ['pass'] })).toEqual(['a pass']);
    expect(await ids({ severity: 'info' })).toEqual([]);
  });

  test('finds keys by verdict, by text and by their findings', async () => {
    const ids = ['k_1', 'k%2', 'K-3'];
    const { page } = await world(ids, ids, ['k_1']);
    const found = async (filter: KeysFilter) => (await page({ limit: 9 }, filter)).ids;
    expect(await found({ verdict: ['fail'] })).toEqual(['k_1 fail']);
    expect(await found({ verdict: ['fail', 'pass'] })).toHaveLength(3);
    expect(await found({ text: 'K_' })).toEqual(['k_1 fail']);
    expect(await found({ text: '%' })).toEqual(['k%2 pass']);
    expect(await found({ text: 'checkOUT' })).toHaveLength(3);
    expect(await found({ rule: ['stale'] })).toEqual(['k_1 fail']);
    expect(await found({ severity: 'high' })).toEqual(['k_1 fail']);
    expect(await found({ severity: 'critical' })).toEqual([]);
    expect(await found({ status: ['resolved'] })).toEqual([]);
  });

  test('a key that comes or goes between two pages moves no other', async () => {
    const ids = Array.from({ length: 6 }, (_, n) => `k${n}`);
    const { page, source } = await world(ids, ids);
    const first = await page({ limit: 3 });
    expect(first.ids).toEqual(['k0 pass', 'k1 pass', 'k2 pass']);
    const next = ['k0', 'k00', 'k2', 'k30', 'k4', 'k5'];
    await sweep(get(), inputs(next.map((id) => aTrackedKey(id, { source }))));
    const rest = await readKeysPage(get(), { source: [source] }, keepKeys([]), {
      limit: 9,
      cursor: first.next ?? '',
    });
    expect(rest.items.map(({ keyId }) => keyId)).toEqual(['k30', 'k4', 'k5']);
  });

  test('has the verdict of the newest observation, unknown ones included', async () => {
    const source = aSource();
    const key = aTrackedKey('k', { source });
    const verdict = async () => {
      const { items } = await readKeysPage(get(), { source: [source] }, keepKeys([]), { limit: 1 });
      return items.map((one) => [one.verdict, one.observedAt?.toISOString()])[0];
    };
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000 - 3_600_000);
    const judge = async (minutes: number, saying: object) => {
      const opened = await open(get(), inputs([key]));
      const batch = await claim(get(), opened);
      await record(get(), batch, { k: { at: at(minutes), ...saying } });
    };
    await judge(10, { unknown: true });
    expect((await verdict())?.[0]).toBe('unknown');
    await judge(20, { breaks: ['stale'] });
    expect((await verdict())?.[0]).toBe('fail');
    await judge(30, { unknown: true });
    const newest = await verdict();
    expect(newest?.[0]).toBe('unknown');
    // Recorded later, but observed before.
    await judge(25, {});
    expect(await verdict()).toEqual(newest);
    await judge(40, {});
    expect((await verdict())?.[0]).toBe('pass');
  });

  test('is in the order of bytes', async () => {
    const ids = ['a', 'B', '😀', '\ue000', 'ä', 'z'];
    const { page } = await world(ids.slice(0, 3), ids);
    const found = (await page({ limit: 100 })).items.map(({ keyId }) => keyId);
    expect(found).toEqual([...ids].sort(byBytes));
  });
});
