import { expect, test } from 'vitest';
import { readKeyHistory } from '../../../../src/record/reads/history/read-key-history.ts';
import type { KeyMoment } from '../../../../src/report/key-history/key-history-model.ts';
import { describeStores } from '../../stores.ts';
import { aSource, aTrackedKey, inputs, open, type Saying, sweep } from '../../world.ts';

const used = (day: number) => new Date(`2026-11-${String(day).padStart(2, '0')}T00:00:00Z`);

describeStores('the history of a key', (get) => {
  /** Sweeps in which the vendor said these things of key `k`, with one other key beside it. */
  const world = async (...sayings: readonly Saying[]) => {
    const source = aSource();
    const keys = [aTrackedKey('k', { source }), aTrackedKey('other', { source })];
    const sweeps: string[] = [];
    for (const k of sayings) {
      const { sweepId } = await sweep(get(), inputs(keys), { k, other: { breaks: ['old'] } });
      sweeps.push(sweepId);
    }
    const read = (limit = 100, cursor?: string) =>
      readKeyHistory(get(), { source, keyId: 'k' }, { limit, cursor });
    const page = async (limit?: number, cursor?: string) => {
      const history = await read(limit, cursor);
      if (history === undefined) throw new Error('there is no such key');
      return history;
    };
    return { source, keys, sweeps, page };
  };

  const changesOf = ({ changes }: KeyMoment) =>
    changes.map(({ field, before, after }) => {
      const words = [before, after].map((one) => (one instanceof Date ? one.getUTCDate() : one));
      return `${field} ${words.map((one) => JSON.stringify(one)).join(' ')}`;
    });

  test('has each sweep of the key, newest first, with what changed in it', async () => {
    const { page, sweeps } = await world(
      { details: { lastUsed: used(1), scopes: ['a:read'] } },
      { details: { lastUsed: used(1), scopes: ['a:read'] } },
      { details: { lastUsed: used(2), scopes: ['a:read', 'a:write'] }, breaks: ['stale'] },
      { unknown: true },
      { details: { lastUsed: undefined, scopes: ['a:write'] } },
      { missing: true, breaks: ['gone'] },
    );
    const { items, next } = await page();
    expect(next).toBeNull();
    expect(items.map(({ sweep: { id } }) => id)).toEqual([...sweeps].reverse());
    expect(items.map(({ verdict }) => verdict)).toEqual([
      ...['fail', 'pass', 'unknown', 'fail', 'pass', 'pass'],
    ]);
    expect(items.map(changesOf)).toEqual([
      ['verdict "pass" "fail"', 'missing false true'],
      ['verdict "unknown" "pass"', 'scopes ["a:read","a:write"] ["a:write"]'],
      ['verdict "fail" "unknown"'],
      ['verdict "pass" "fail"', 'scopes ["a:read"] ["a:read","a:write"]', 'lastUsed 1 2'],
      [],
      [],
    ]);
    expect(items[2]).toMatchObject({
      unknowns: [{ rule: null, reason: 'vendor-error', detail: 'it said 500' }],
      violations: [],
      name: undefined,
    });
    expect(items[3]?.violations).toMatchObject([
      {
        rule: 'stale',
        severity: 'high',
        status: 'open',
        message: expect.stringMatching(/60 days/),
      },
    ]);
    expect(items[0]).toMatchObject({ missing: true, sweep: { status: 'complete', scope: 'full' } });
  });

  test('has the events of its findings, and of no other key', async () => {
    const { page } = await world({}, { breaks: ['stale'] }, {});
    const { items, findings } = await page();
    const events = items.map((one) =>
      one.events.map(({ kind, rule, resolution }) => `${kind} ${rule} ${resolution}`),
    );
    expect(events).toEqual([['resolved stale fixed'], ['opened stale null'], []]);
    expect(findings).toMatchObject([{ rule: 'stale', status: 'resolved', keyId: 'k' }]);
  });

  test('continues over pages, and knows what stood before the page ended', async () => {
    const { page, sweeps } = await world(
      { details: { type: 'secret' } },
      { unknown: true },
      { details: { type: 'public' } },
    );
    const first = await page(2);
    expect(first.items.map(changesOf)).toEqual([
      ['verdict "unknown" "pass"', 'type "secret" "public"'],
      ['verdict "pass" "unknown"'],
    ]);
    const rest = await page(2, first.next ?? '');
    expect(rest.items.map(({ sweep: { id } }) => id)).toEqual(sweeps.slice(0, 1));
    expect(rest.next).toBeNull();
    const [newest] = (await page(1)).items;
    expect(newest?.changes).toEqual(first.items[0]?.changes);
  });

  test('says what the inventory said, and has the sweep that still runs', async () => {
    const { page, source, keys } = await world({});
    const moved = [aTrackedKey('k', { source, owner: 'bob', tags: ['pci'] }), ...keys.slice(1)];
    await open(get(), inputs(moved));
    const { items, key } = await page();
    expect(key).toMatchObject({ owner: 'bob', verdict: 'pass', untrackedAt: null });
    expect(items[0]).toMatchObject({ verdict: null, observedAt: null, owner: 'bob' });
    expect(items[0]?.sweep).toMatchObject({ status: 'open', closedAt: null });
    expect(items[0] && changesOf(items[0])).toEqual(['owner "ann" "bob"', 'tags [] ["pci"]']);
  });

  test('tells each sweep by its own policy, and each by what was said in it', async () => {
    const source = aSource();
    const keys = [aTrackedKey('k', { source })];
    const rule = (severity: string) =>
      inputs(keys, `\n  - { id: old, type: too-old, after: 90d, severity: ${severity} }\n`);
    const broken = (name: string) => ({ k: { breaks: ['old'], details: { name } } });
    await sweep(get(), rule('low'), broken('first'));
    await sweep(get(), rule('high'), broken('second'));
    await sweep(get(), rule('low'), broken('first'));
    const history = await readKeyHistory(get(), { source, keyId: 'k' }, { limit: 10 });
    expect(history?.items.map(({ name, violations }) => [name, violations[0]?.severity])).toEqual([
      ['first', 'low'],
      ['second', 'high'],
      ['first', 'low'],
    ]);
  });

  test('stays when the key has left the inventory, and is absent of a key that never was', async () => {
    const { page, source, keys } = await world({}, {});
    await sweep(get(), inputs(keys.slice(1)));
    const { key, items } = await page();
    expect(key.untrackedAt).toBeInstanceOf(Date);
    expect(items).toHaveLength(2);
    const never = { source, keyId: 'K' };
    expect(await readKeyHistory(get(), never, { limit: 1 })).toBeUndefined();
  });
});
