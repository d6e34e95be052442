import { beforeEach, expect, test } from 'vitest';
import type { Turned } from '../../../src/alert/plan/plan-anomaly.ts';
import {
  readAnomaly,
  readBaseline,
  readChanges,
  readWaitingSweeps,
} from '../../../src/record/closing/read-changes.ts';
import { readReport } from '../../../src/record/reads/read-report.ts';
import { type Night, runNight, type Said } from '../nights.ts';
import { describeStores, empty } from '../stores.ts';
import { aTrackedKey, inputs, one, open, run, someKeys } from '../world.ts';

/** As of which a key last used on 20 November passes, and one last used in September is stale. */
const opened = new Date('2026-11-30T00:00:00Z');
const idle: Said = { lastUsed: new Date('2026-09-01T00:00:00Z') };
const rules = `
  - { id: stale, type: stale, after: 45d, severity: high }
  - { id: scopes, type: over-scoped, forbid: ["*:write"], severity: critical }
  - { id: gone, type: missing, severity: low }`;
const waived = (keyId: string) => `${rules}
waivers:
  - { id: W-1, rule: stale, keys: [{ source: prod, keyId: ${keyId} }], reason: seasonal, requestedBy: ann, approvedBy: bob, expires: 2099-01-31 }`;
const writes: Said = { scopes: ['charges:write'] };
const blind: Said = { scopes: undefined };

interface Row {
  readonly id: number;
}

/** Packs of all tracked keys for a sweep that has none. `verdict`: in SQL, of the key `id`. */
function fillPacks(sweepRow: number, verdict: string): string {
  return `
    with list as (
      select row_number() over ()::integer as batch, source, min(id) as first_key,
        max(id) as last_key, array_agg(id order by id) as keys,
        array_agg(entry_id order by id) as entries,
        array_agg((${verdict})::smallint order by id) as verdicts, count(*)::integer as size
      from (select *, row_number() over (partition by source order by id) - 1 as place
        from keysweep.tracked_key) k
      group by source, place / 200
    ), stored as (
      insert into keysweep.key_list (hash, first_key, last_key, key_ids, entry_ids)
      select decode(md5(${sweepRow} || '/' || batch), 'hex'), first_key, last_key, keys, entries
      from list returning id, first_key
    ), batch as (
      insert into keysweep.sweep_batch
        (sweep_id, batch, source, first_key, list_id, pending, done_at)
      select ${sweepRow}, l.batch, l.source, l.first_key, s.id, 0, now()
      from list l join stored s on s.first_key = l.first_key returning batch
    )
    insert into keysweep.pack (sweep_id, batch, hash, pass, fail, waived, unknown, partial,
      observed_from, verdicts, observation_ids, observed_ms, last_used)
    select ${sweepRow}, l.batch, '\\x00', size, 0, 0, 0, 0, now(), verdicts,
      array_fill(0, array[size]), array_fill(0::bigint, array[size]),
      array_fill(null::timestamptz, array[size])
    from list l join batch b on b.batch = l.batch`;
}

describeStores('how a sweep differs from an earlier one', (get) => {
  const keys = someKeys(4);
  const without = (...gone: readonly string[]) => keys.filter(({ keyId }) => !gone.includes(keyId));

  // The inventory is the store's, so that each test begins with an empty one.
  beforeEach(() => empty(get()));

  const night = async (
    said: Readonly<Record<string, Said>> = {},
    difference: Partial<Night> = {},
  ): Promise<Row> => {
    const ordinary = { keys, rules, opened, said: new Map(Object.entries(said)) };
    const uuid = await runNight(get(), { ...ordinary, ...difference });
    return one<Row>(get(), `select id from keysweep.sweep where uuid = '${uuid}'`);
  };
  const compare = async (sweep: Row, earlier: Row) => {
    const { compared, turned } = await get().transact((tx) => readChanges(tx, sweep.id, earlier));
    return { compared, ...Object.fromEntries(Object.entries(turned).filter(([, n]) => n > 0)) };
  };
  const nothing: Turned = { pass: 0, fail: 0, waived: 0, unknown: 0, missing: 0, left: 0 };
  const hold = (sweep: Row, held: string) =>
    run(get(), `update keysweep.sweep set held = '${held}' where id = ${sweep.id}`);
  const baselineOf = async (sweep: Row) =>
    (await get().transact((tx) => readBaseline(tx, sweep.id)))?.id;

  test('goes by the order of the closings where the clock was set back after one', async () => {
    const old = await night({ key_0: idle });
    await run(get(), "update keysweep.sweep set closed_at = closed_at + interval '2 hours'");
    const newer = await night();
    const now = await night({ key_0: idle });
    expect(await baselineOf(now)).toBe(newer.id);
    expect(await compare(now, newer)).toEqual({ compared: 4, fail: 1 });
    // What was audited since the earlier sweep counts in place of it.
    await run(get(), `update keysweep.sweep set scope = 'partial' where id = ${newer.id}`);
    expect(await compare(now, old)).toEqual({ compared: 4, fail: 1 });
    const newest = await one<{ uuid: string }>(
      get(),
      `select uuid from keysweep.sweep where id = ${now.id}`,
    );
    expect((await readReport(get()))?.sweep.id).toBe(newest.uuid);
  });

  test('counts nothing on an unchanged night', async () => {
    const said = { key_0: idle, key_1: 'missing' } as const;
    expect(await compare(await night(said), await night(said))).toEqual({ compared: 4 });
  });

  test('counts keys with another verdict, in either direction', async () => {
    const before = await night({ key_0: idle });
    const now = await night({ key_1: idle, key_2: idle }, { rules: waived('key_2') });
    expect(await compare(now, before)).toEqual({ compared: 4, pass: 1, fail: 1, waived: 1 });
  });

  test('does not count a change within the same verdict', async () => {
    const before = await night({ key_0: idle, key_1: 'missing' });
    const now = await night({ key_0: writes, key_1: idle });
    expect(await compare(now, before)).toEqual({ compared: 4 });
  });

  test('counts a key once when it goes missing, whatever its verdict was', async () => {
    const before = await night({ key_0: idle });
    const now = await night({ key_0: 'missing', key_1: 'missing' });
    expect(await compare(now, before)).toEqual({ compared: 4, missing: 2 });
    const later = await night({ key_0: 'missing', key_1: 'missing' });
    expect(await compare(later, now)).toEqual({ compared: 4 });
  });

  test('counts keys that left the inventory, if they had a verdict', async () => {
    const before = await night({ key_0: idle, key_1: 'unreachable' });
    const now = await night({}, { keys: without('key_0', 'key_1', 'key_2') });
    expect(await compare(now, before)).toEqual({ compared: 3, left: 2 });
  });

  test('does not count a key that is in the inventory but not in the sweep', async () => {
    const before = await night();
    const now = await night({}, { keys: without('key_0') });
    await open(get(), inputs(keys, rules));
    expect(await compare(now, before)).toEqual({ compared: 3 });
  });

  test('counts a key that is unknown for an unreadable field, but not one that was not observed', async () => {
    const before = await night({ key_3: idle });
    const now = await night({ key_0: blind, key_1: 'unreachable', key_3: { ...idle, ...blind } });
    expect(await compare(now, before)).toEqual({ compared: 3, unknown: 1 });
  });

  test('compares no key without an earlier verdict, such as a new key', async () => {
    const before = await night({ key_0: 'unreachable', key_1: blind }, { keys: without('key_3') });
    const now = await night({ key_0: idle, key_1: idle, key_3: idle });
    expect(await compare(now, before)).toEqual({ compared: 1 });
  });

  test('compares with a re-audit closed since, if that has a newer verdict', async () => {
    const named = keys.slice(0, 3);
    const before = await night({ key_1: 'unreachable', key_3: idle });
    await night({ key_0: idle, key_1: idle }, { named });
    const full = await night({ key_1: idle, key_3: idle });
    expect(await compare(full, before)).toEqual({ compared: 4, pass: 1 });
    await hold(full, 'withdrawn');
    await night({ key_0: 'unreachable', key_1: blind }, { named });
    expect(await compare(await night({ key_0: idle, key_1: idle, key_3: idle }), before)).toEqual({
      compared: 4,
    });
  });

  test('compares with a full sweep closed since, if its changes were alerted', async () => {
    const before = await night();
    const between = await night({ key_0: idle, key_1: 'unreachable' });
    const now = await night({ key_0: idle, key_1: idle });
    expect(await compare(now, before)).toEqual({ compared: 4, fail: 1 });
    await hold(between, 'held');
    expect(await compare(now, before)).toEqual({ compared: 4, fail: 2 });
  });

  test('has the sweep before as baseline, if one observed less than half of the keys', async () => {
    const before = await night();
    const half = await night({ key_0: 'unreachable', key_1: 'unreachable' });
    const now = await night();
    expect(await baselineOf(now)).toBe(half.id);
    const silent = { key_0: 'unreachable', key_1: 'unreachable', key_2: 'unreachable' } as const;
    const deaf = await night(silent);
    const later = await night();
    expect(await baselineOf(later)).toBe(now.id);
    await run(get(), `delete from keysweep.sweep where id not in (${deaf.id}, ${later.id})`);
    expect(await baselineOf(later)).toBe(deaf.id);
    expect(before.id).toBeLessThan(deaf.id);
  });

  test('has as baseline a sweep that observed keys but could judge none', async () => {
    await night();
    const unread = await night({ key_0: blind, key_1: blind, key_2: blind, key_3: blind });
    expect(await baselineOf(await night())).toBe(unread.id);
  });

  test('counts a key that could not be judged as one with a verdict, if `unread` is set', async () => {
    const unread = await night({ key_0: blind, key_1: blind, key_2: 'unreachable' });
    const now = await night({ key_0: blind, key_1: idle, key_2: idle });
    const changes = await get().transact((tx) => readChanges(tx, now.id, unread, true));
    expect(changes).toEqual({ compared: 3, turned: { ...nothing, fail: 1 } });
  });

  test('compares with the newest of several re-audits', async () => {
    const named = keys.slice(0, 1);
    const before = await night();
    await night({ key_0: 'missing' }, { named });
    await night({ key_0: idle }, { named });
    expect(await compare(await night({ key_0: idle }), before)).toEqual({ compared: 4 });
    expect(await compare(await night({ key_0: 'missing' }), before)).toEqual({
      compared: 4,
      missing: 1,
    });
  });

  test('does not count a key as gone missing if a re-audit saw it missing before', async () => {
    const before = await night();
    await night({ key_0: 'missing' }, { named: keys.slice(0, 1) });
    expect(await compare(await night({ key_0: 'missing' }), before)).toEqual({ compared: 4 });
  });

  test('does not compare with a re-audit closed before the earlier sweep', async () => {
    await night({ key_0: idle }, { named: keys.slice(0, 1) });
    const before = await night();
    expect(await compare(await night(), before)).toEqual({ compared: 4 });
  });

  test('counts each key once in a fleet that takes several statements', async () => {
    await run(
      get(),
      `insert into keysweep.inventory_entry (hash, tags) values ('many', '{}') on conflict do nothing;
       insert into keysweep.tracked_key (source, key_id, entry_id)
         select 'prod', 'many_' || n, (select max(id) from keysweep.inventory_entry)
         from generate_series(1, 20001) n`,
    );
    const [before, now] = [await night({}, { keys: [] }), await night({}, { keys: [] })];
    for (const [{ id }, failing] of [
      [before, 0],
      [now, 3],
    ] as const) {
      await run(get(), fillPacks(id, `case when id % 5000 < ${failing} then 2 else 1 end`));
    }
    const expected = await one(
      get(),
      `select count(*)::integer as compared, count(*) filter (where id % 5000 < 3)::integer as fail
       from keysweep.tracked_key`,
    );
    expect(expected).toMatchObject({ compared: 20_001 });
    expect(await compare(now, before)).toEqual(expected);
  });

  test('has no baseline at first, then the full sweep closed last', async () => {
    const first = await night();
    expect(await baselineOf(first)).toBeUndefined();
    const second = await night();
    await night({}, { named: keys.slice(0, 1) });
    const { sweepId } = await open(get(), inputs(keys, rules));
    const opening = await one<Row>(
      get(),
      `select id from keysweep.sweep where uuid = '${sweepId}'`,
    );
    expect(await baselineOf(opening)).toBe(second.id);
    expect(await baselineOf(second)).toBe(first.id);
  });

  test('has a baseline that was alerted, or never held', async () => {
    const [first, second, third] = [await night(), await night(), await night()];
    for (const [held, baseline] of [
      ['held', first.id],
      ['withdrawn', first.id],
      ['released', second.id],
      ['confirmed', second.id],
    ] as const) {
      await hold(second, held);
      expect(await baselineOf(third), held).toBe(baseline);
    }
  });

  test('lists the sweeps that are held, oldest first', async () => {
    const [first, second, third] = [await night(), await night(), await night()];
    await hold(first, 'held');
    await hold(second, 'released');
    await hold(third, 'held');
    const listed = await get().transact((tx) => readWaitingSweeps(tx));
    expect(listed.map(({ id }) => id)).toEqual([first.id, third.id]);
    expect(listed[0]?.policy.version).toBe('test');
  });

  /** Compared with the baseline, where two changed keys and 30% are too many. */
  const explain = async (
    sweep: Row,
    { changed = 0.3, atLeast = 2, emptyInventoryFiles = [] as readonly string[] } = {},
  ) =>
    get().transact(async (tx) => {
      const earlier = await readBaseline(tx, sweep.id);
      if (earlier === undefined) throw new Error('there is no baseline');
      const anomaly = { changed, atLeast };
      return readAnomaly(tx, sweep.id, earlier, { anomaly, emptyInventoryFiles });
    });

  test('finds no anomaly if little changed, or if `anomaly` is not configured', async () => {
    const before = await night();
    const now = await night({ key_0: idle });
    expect(await explain(now, { atLeast: 1 })).toBeUndefined();
    const quiet = { anomaly: undefined, emptyInventoryFiles: [] };
    const earlier = { ...before, uuid: '', policy: { version: '', hash: '' } };
    const all = await night({ key_0: idle, key_1: idle, key_2: idle, key_3: idle });
    expect(await get().transact((tx) => readAnomaly(tx, all.id, earlier, quiet))).toBeUndefined();
  });

  test('finds the field that most keys lost', async () => {
    await night();
    const now = await night({ key_0: blind, key_1: blind, key_2: blind, key_3: blind });
    expect(await explain(now)).toEqual({
      compared: 4,
      changed: 4,
      turned: { ...nothing, unknown: 4 },
      cause: 'field-missing',
      detail: 'the field scopes can no longer be read or used for 4 of 4 keys',
    });
  });

  test('does not name a lost field as the cause if keys fail for another reason', async () => {
    await night();
    const both = { ...blind, ...idle };
    const now = await night({ key_0: both, key_1: both, key_2: both });
    expect(await explain(now)).toMatchObject({
      turned: { ...nothing, fail: 3 },
      detail: 'lastUsed changed for 3 of 4 keys',
    });
  });

  test('does not count a field as lost if only a new policy needs it', async () => {
    const young = '\n  - { id: stale, type: stale, after: 45d, severity: high }';
    const said = { key_0: blind, key_1: blind, key_2: blind, key_3: blind };
    await night(said, { rules: young });
    expect(await explain(await night(said))).toMatchObject({
      cause: 'policy-changed',
      turned: { ...nothing, unknown: 4 },
    });
  });

  test('finds lastUsed among the fields that were lost', async () => {
    const never: Said = { lastUsed: null };
    await night({ key_0: never });
    const lost: Said = { lastUsed: undefined };
    const now = await night({ key_0: lost, key_1: lost, key_2: lost });
    expect(await explain(now)).toMatchObject({
      detail: 'the field lastUsed can no longer be read or used for 3 of 4 keys',
    });
  });

  test('counts lastUsed as lost if it is in the future', async () => {
    await night();
    const ahead: Said = { lastUsed: new Date('2099-01-01T00:00:00Z') };
    const now = await night({ key_0: ahead, key_1: ahead, key_2: ahead });
    expect(await explain(now)).toMatchObject({
      cause: 'field-missing',
      detail: 'the field lastUsed can no longer be read or used for 3 of 4 keys',
    });
  });

  test('finds what changed in the facts, newly broken or fixed, not the rule that noticed', async () => {
    await night({ key_0: idle });
    const now = await night({ key_1: idle, key_2: { ...idle, ...writes } });
    expect(await explain(now)).toMatchObject({
      changed: 3,
      cause: 'facts-changed',
      detail: 'lastUsed changed for 3 of 4 keys',
    });
  });

  test('finds the fact of the vendor that changed for most keys, and counts no use that goes on', async () => {
    const used = (day: string) => ({ lastUsed: new Date(`2026-11-${day}T10:00:00Z`) });
    await night({ key_0: used('20'), key_1: used('20'), key_2: used('20'), key_3: used('20') });
    const wide: Said = { scopes: ['charges:write'], ...used('21') };
    const now = await night({ key_0: wide, key_1: wide, key_2: wide, key_3: used('21') });
    expect(await explain(now)).toMatchObject({
      cause: 'facts-changed',
      detail: 'scopes changed for 3 of 4 keys',
    });
  });

  test('finds the fact of the inventory that changed, not a rule that fails the key as before', async () => {
    const owned = waived('key_0').replace(
      '\n  - { id: gone',
      '\n  - { id: team, type: unowned, severity: low }\n  - { id: gone',
    );
    const said = { key_0: idle };
    await night(said, { rules: owned });
    const orphaned = [aTrackedKey('key_0', { owner: null }), ...without('key_0')];
    const now = await night(said, { rules: owned, keys: orphaned });
    const found = await explain(now, { changed: 0.2, atLeast: 1 });
    expect(found?.detail).toBe('owner changed for 1 of 4 keys');
  });

  test('finds the rule whose waivers lapsed', async () => {
    const both = waived('key_0').replace('key_0 }', 'key_0 }, { source: prod, keyId: key_1 }');
    const said = { key_0: idle, key_1: idle };
    await night(said, { rules: both });
    const now = await night(said, { rules: both });
    await run(
      get(),
      `update keysweep.pack set
         verdicts = array(select case when j ? 'v' then 2 else v end
           from unnest(verdicts, judgements) with ordinality as k (v, j, n) order by n),
         judgements = array(select jsonb_set(j, '{v,0,2}', 'null')
           from unnest(judgements) with ordinality as k (j, n) order by n)
       where sweep_id = ${now.id}`,
    );
    expect(await explain(now)).toMatchObject({
      turned: { ...nothing, fail: 2 },
      cause: 'one-rule',
    });
  });

  test('finds missing keys with their source, and an inventory that shrank', async () => {
    const two = [...keys, aTrackedKey('other', { source: 'test' })];
    await night({}, { keys: two });
    const now = await night(
      { key_0: 'missing', key_1: 'missing', key_2: 'missing' },
      { keys: two },
    );
    expect(await explain(now)).toMatchObject({
      cause: 'keys-missing',
      detail: expect.stringContaining('3 of 5 keys are missing now (3 of 4 of source prod)'),
    });
    await hold(now, 'held');
    const shrunk = await night({}, { keys: two.slice(4) });
    expect(await explain(shrunk, { emptyInventoryFiles: ['keys.csv'] })).toMatchObject({
      cause: 'inventory-shrank',
      detail: '4 of 5 keys left the inventory, and keys.csv holds no keys',
    });
  });

  test('finds the only source that changed', async () => {
    const two = [...keys, aTrackedKey('other', { source: 'test' })];
    await night({ key_0: idle, key_1: idle }, { keys: two });
    const said = { key_0: {}, key_1: writes, key_2: writes, key_3: writes };
    const now = await night(said, { keys: two });
    expect(await explain(now)).toMatchObject({
      changed: 3,
      cause: 'one-source',
      detail: '3 of the 4 keys of source prod changed, and 0 of the 1 key of others',
    });
  });
});
