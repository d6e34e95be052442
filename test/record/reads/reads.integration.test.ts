import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import { createPagedList } from '../../../src/operations/paged-list.ts';
import { writeCheckpoint } from '../../../src/record/log/checkpoints.ts';
import { readFindingsPage } from '../../../src/record/reads/lists/read-findings-page.ts';
import { readKeysPage } from '../../../src/record/reads/lists/read-keys-page.ts';
import { readReport } from '../../../src/record/reads/read-report.ts';
import { readTrackedIds } from '../../../src/record/reads/read-tracked.ts';
import type { ReportSource } from '../../../src/report/model.ts';
import { describeStores, type GetDatabase } from '../stores.ts';
import { aSource, aTrackedKey, claim, inputs, open, record, someKeys, sweep } from '../world.ts';

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

async function report(get: GetDatabase, sweepId?: string): Promise<ReportSource> {
  const found = await readReport(get(), sweepId);
  if (found === undefined) throw new Error('there is no report');
  return found;
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describeStores('reading', (get) => {
  test('finds no report before a full sweep has closed', async () => {
    const keys = someKeys(1, aSource());
    await sweep(get(), inputs(keys), {}, keys);
    await open(get(), inputs(keys));
    expect(await readReport(get())).toBeUndefined();
    expect(await readReport(get(), 'no such sweep')).toBeUndefined();
  });

  test('reports the leaf of the sweep, and the first checkpoint over it', async () => {
    const { sweepId } = await sweep(get(), inputs(someKeys(1, aSource())));
    const before = await report(get, sweepId);
    const leaf = before.evidence?.leaf ?? -1;
    expect(before.evidence).toEqual({ leaf: expect.any(Number), checkpoint: null });
    for (const [size, note] of [
      [leaf, 'before it'],
      [leaf + 1, 'the first'],
      [leaf + 2, 'a later one'],
    ] as const) {
      await writeCheckpoint(get().db, { size, note });
    }
    const after = await report(get, sweepId);
    expect(after.evidence).toEqual({ leaf, checkpoint: 'the first' });
    expect(after.revision).not.toBe(before.revision);
  });

  test('reports 2,500 keys once each, in the order of their bytes', async () => {
    const source = aSource();
    const keys = Array.from({ length: 2_500 }, (_, n) =>
      aTrackedKey(`${['é', 'Z', 'a', '_', '😀'][n % 5]}${(n * 7919) % 2_500}`, { source }),
    );
    const { sweepId } = await sweep(get(), inputs(keys));
    const read = await collect((await report(get, sweepId)).keys());
    const expected = keys.map(({ keyId }) => keyId).sort(byBytes);
    expect(read.map(({ keyId }) => keyId)).toEqual(expected);

    // Two reports at once, of which one ends early, hold up no sweep that is recorded meanwhile.
    const [one, other] = [await report(get, sweepId), await report(get, sweepId)];
    const readFirst = async () => {
      for await (const { keyId } of one.keys()) return keyId;
      return undefined;
    };
    const [first, again, { closed }] = await Promise.all([
      readFirst(),
      collect(other.keys()),
      sweep(get(), inputs(someKeys(2, aSource()))),
    ]);
    expect([first, again, closed]).toEqual([expected[0], read, expect.anything()]);
  });

  test('reports the keys of several sources in order, each with its own entry', async () => {
    const [first, second] = [aSource(), aSource()].sort(byBytes) as [string, string];
    const keys = [
      aTrackedKey('a', { source: second, owner: 'ann', environment: 'test' }),
      aTrackedKey('b', { source: first, owner: 'bob' }),
      aTrackedKey('b', { source: second, owner: 'carol' }),
      aTrackedKey('a', { source: first, owner: 'ann', environment: 'test' }),
    ];
    const { sweepId } = await sweep(get(), inputs(keys), { b: { breaks: ['old'] } });
    const { keys: all, violations } = await report(get, sweepId);
    const listed = (await collect(all())).map(({ source, keyId, owner, environment }) => [
      source,
      keyId,
      owner,
      environment,
    ]);
    expect(listed).toEqual([
      [first, 'a', 'ann', 'test'],
      [first, 'b', 'bob', null],
      [second, 'a', 'ann', 'test'],
      [second, 'b', 'carol', null],
    ]);
    const broken = (await collect(violations())).map(({ source, keyId, owner }) => [
      source,
      keyId,
      owner,
    ]);
    expect(broken).toEqual([
      [first, 'b', 'bob'],
      [second, 'b', 'carol'],
    ]);
  });

  test('shifts no key where a pack or its list was damaged', async () => {
    const source = aSource();
    const { sweepId } = await sweep(get(), inputs(someKeys(2, source)));
    const read = async () => collect((await report(get, sweepId)).keys());
    const batch = sql`from keysweep.sweep_batch b join keysweep.sweep s on s.id = b.sweep_id
      where s.uuid = ${sweepId}`;
    await sql`
      update keysweep.key_list set entry_ids = array_fill(null::integer, array[2])
      where id in (select b.list_id ${batch})
    `.execute(get().db);
    expect((await read()).map(({ keyId, owner, name }) => [keyId, owner, name])).toEqual([
      ['key_0', null, 'Checkout'],
      ['key_1', null, 'Checkout'],
    ]);
    await sql`
      update keysweep.pack set verdicts[1] = null
      where (sweep_id, batch) in (select b.sweep_id, b.batch ${batch})
    `.execute(get().db);
    await expect(read()).rejects.toThrow('the records hold an unknown verdict: 0');
    await sql`update keysweep.tracked_key set source = ${aSource()} where source = ${source}`.execute(
      get().db,
    );
    await expect(read()).rejects.toThrow('the records hold a key of an unknown source');
  });

  test('reads only the first ids that begin alike, the beginning itself among them', async () => {
    const source = aSource();
    const ids = ['a', ...['é', 'Z', '_', '😀'].flatMap((next) => [`a${next}`, `a${next}b`])];
    const keys = [...ids, 'b'].map((keyId) => aTrackedKey(keyId, { source }));
    await sweep(get(), inputs(keys));
    const first = ids.sort(byBytes).slice(0, 6);
    expect(await readTrackedIds(get(), 'a', source)).toEqual(first);
    expect(await readTrackedIds(get(), 'aé', source)).toEqual(['aé', 'aéb']);
    expect(await readTrackedIds(get(), 'c', source)).toEqual([]);
  });

  test('reports the keys of several sources by source, then by name', async () => {
    const start = aSource();
    const [first, second, third] = [`${start}Z`, `${start}a`, `${start}é`];
    const named = [third, first, second].flatMap((source) =>
      ['b', 'é', 'Z'].map((keyId) => [source, keyId] as const),
    );
    const keys = named.map(([source, keyId]) => aTrackedKey(keyId, { source }));
    const { sweepId } = await sweep(get(), inputs(keys));
    const read = await collect((await report(get, sweepId)).keys());
    const expected = [first, second, third].flatMap((source) =>
      ['Z', 'b', 'é'].map((keyId) => [source, keyId]),
    );
    expect(read.map(({ source, keyId }) => [source, keyId])).toEqual(expected);
  });

  test('counts what it lists, and knows when each key was last used', async () => {
    const { sweepId } = await sweep(get(), inputs(someKeys(9, aSource())), {
      key_0: { breaks: ['stale', 'old'] },
      key_1: { breaks: ['old'], details: { lastUsed: new Date('2026-11-01T10:00:00Z') } },
      key_2: { missing: true },
      key_3: { unknown: true },
      key_4: { details: { lastUsed: undefined } },
      key_5: { details: { lastUsed: null } },
      ...Object.fromEntries(
        ['key_6', 'key_7', 'key_8'].map((id) => [id, { breaks: ['old'], waivers: { old: 'W-1' } }]),
      ),
    });
    const read = await report(get, sweepId);
    const broken = [...(await read.broken())].sort((a, b) => b.keys - a.keys);
    expect(broken).toEqual([
      { rule: 'old', severity: 'medium', waiver: 'W-1', keys: 3 },
      { rule: 'old', severity: 'medium', waiver: null, keys: 2 },
      { rule: 'stale', severity: 'high', waiver: null, keys: 1 },
    ]);
    const violations = await collect(read.violations());
    expect(violations.map(({ rule, waiver }) => [rule, waiver])).toEqual([
      ['stale', null],
      ['old', null],
      ['old', null],
      ...Array(3).fill(['old', 'W-1']),
    ]);
    const lastUses = (await collect(read.lastUses())).flat();
    expect(lastUses).toEqual((await collect(read.keys())).map(({ lastUsed }) => lastUsed));
    expect(lastUses).toHaveLength(9);
    expect(lastUses.slice(2, 6)).toEqual([undefined, undefined, undefined, null]);
  });

  test('reports violations gravest first, and when each was first seen', async () => {
    const using = inputs(someKeys(2, aSource()));
    const broken = { key_0: { breaks: ['old'] }, key_1: { breaks: ['stale', 'old'] } };
    const first = await sweep(get(), using, broken);
    const again = await sweep(get(), using, broken);
    const { openedAt } = (await report(get, first.sweepId)).sweep;
    const violations = await collect((await report(get, again.sweepId)).violations());
    expect(violations.map(({ keyId, rule }) => `${keyId} ${rule}`)).toEqual([
      'key_1 stale',
      'key_0 old',
      'key_1 old',
    ]);
    expect(violations.every(({ firstSeen }) => +firstSeen === +openedAt)).toBe(true);
  });

  test('reports what is unknown, of a key and of one rule', async () => {
    const { sweepId } = await sweep(get(), inputs(someKeys(3, aSource())), {
      key_1: { unknown: true },
      key_2: { unjudged: ['old'] },
    });
    const read = await report(get, sweepId);
    const unknowns = await collect(read.unknowns());
    expect(unknowns.map(({ keyId, rule }) => [keyId, rule])).toEqual([
      ['key_1', null],
      ['key_2', 'old'],
    ]);
    const keys = await collect(read.keys());
    expect(unknowns.map(({ key }) => key)).toEqual(keys.slice(1));
    expect(read.coverage).toEqual({ tracked: 3, audited: 1, unknown: 2, partial: 0 });
  });

  test('reports what was true in that sweep, whatever was recorded since', async () => {
    const keys = someKeys(1, aSource());
    const used = new Date('2026-11-01T10:00:00Z');
    const was = { key_0: { details: { name: 'was', lastUsed: used } } };
    const { sweepId } = await sweep(get(), inputs(keys), was);
    const moved = keys.map((key) => ({ ...key, owner: 'bob' }));
    await sweep(get(), inputs(moved), { key_0: { details: { name: 'is', lastUsed: null } } });
    const [key] = await collect((await report(get, sweepId)).keys());
    expect(key).toMatchObject({ name: 'was', lastUsed: used, owner: 'ann' });
    const [now] = await collect((await report(get)).keys());
    expect(now).toMatchObject({ name: 'is', lastUsed: null, owner: 'bob' });
  });

  test('distinguishes an unreadable last use from “never used”', async () => {
    const { sweepId } = await sweep(get(), inputs(someKeys(2, aSource())), {
      key_0: { details: { lastUsed: null } },
      key_1: { details: { lastUsed: undefined } },
    });
    const keys = await collect((await report(get, sweepId)).keys());
    expect(keys.map(({ lastUsed }) => lastUsed)).toEqual([null, undefined]);
  });

  test('distinguishes an unreadable name from an empty one', async () => {
    const { sweepId } = await sweep(get(), inputs(someKeys(2, aSource())), {
      key_0: { details: { name: '' } },
      key_1: { details: { name: undefined } },
    });
    const keys = await collect((await report(get, sweepId)).keys());
    expect(keys.map(({ name }) => name)).toEqual(['', undefined]);
  });

  test('keeps hostile text unchanged, without any effect on statements', async () => {
    const source = `${aSource()}"'; drop table keysweep.sweep; --`;
    const ids = ["'; drop table x; --", '{"a":1}', 'a,b|c', '\u202e\u0007', '../../..', '%', '\\'];
    const keys = ids.map((id) => aTrackedKey(id, { source, owner: `${id}"` }));
    const said = Object.fromEntries(
      ids.map((id) => [id, { details: { name: id, scopes: [id] }, breaks: ['stale'] }]),
    );
    const { sweepId } = await sweep(get(), inputs(keys), said);
    const read = await collect((await report(get, sweepId)).keys());
    expect(read.map(({ keyId }) => keyId)).toEqual([...ids].sort(byBytes));
    for (const key of read) {
      expect(key).toMatchObject({ name: key.keyId, scopes: [key.keyId], owner: `${key.keyId}"` });
    }
    const violations = await collect((await report(get, sweepId)).violations());
    expect(violations.map(({ key }) => key)).toEqual(read);
  });

  test('lists 1,200 findings gravest first, by status and severity', async () => {
    const source = aSource();
    const keys = someKeys(1_200, source);
    const broken = Object.fromEntries(keys.map(({ keyId }) => [keyId, { breaks: ['old'] }]));
    await sweep(get(), inputs(keys), { ...broken, key_7: { breaks: ['stale', 'old'] } });
    await sweep(get(), inputs(keys), { ...broken, key_0: { details: { lastUsed: new Date() } } });
    const list = async (statuses: ('open' | 'resolved')[], severity: 'info' | 'high') => {
      const filter = { statuses, severity };
      const read = await collect(
        createPagedList((asked) => readFindingsPage(get(), filter, asked)),
      );
      return read
        .filter((finding) => finding.source === source)
        .map(({ keyId, rule, resolution }) => [keyId, rule, resolution].join(' ').trim());
    };
    expect(await list(['open'], 'info')).toHaveLength(1_199);
    expect(await list(['resolved'], 'info')).toEqual(['key_7 stale fixed', 'key_0 old fixed']);
    expect(await list(['resolved'], 'high')).toEqual(['key_7 stale fixed']);
  });

  test('lists tracked keys with their newest verdict, and none that left', async () => {
    const source = aSource();
    const keys = someKeys(3, source);
    await sweep(get(), inputs(keys), { key_0: { breaks: ['stale'] } });
    const left = keys.slice(0, 2);
    await sweep(get(), inputs(left), { key_1: { unknown: true } }, left.slice(1));
    const opened = await open(get(), inputs(left));
    await record(get(), await claim(get(), opened), { key_0: { missing: true, breaks: ['gone'] } });
    const { items: listed } = await readKeysPage(get(), { source: [source] }, keepKeys(left), {
      limit: 9,
    });
    expect(listed.map(({ keyId, verdict }) => [keyId, verdict])).toEqual([
      ['key_0', 'fail'],
      ['key_1', 'pass'],
    ]);
    expect(listed[0]).toMatchObject({ name: undefined, type: undefined });
  });
});
