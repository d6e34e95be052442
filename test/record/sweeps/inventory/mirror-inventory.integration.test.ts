import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { mirrorInventory } from '../../../../src/record/sweeps/inventory/mirror-inventory.ts';
import { describePostgres, describeStores, type GetDatabase } from '../../stores.ts';
import { all, aSource, aTrackedKey, inputs, one, someKeys } from '../../world.ts';

interface Row {
  id: number;
  key_id: string;
  gone: boolean;
  owner: string | null;
  version: string;
}

/** `version` is that of the row: it changes whenever the row is written. */
const rows = (get: GetDatabase, source: string) =>
  all<Row>(
    get(),
    `select k.id, k.key_id, k.untracked_at is not null as gone, e.owner, k.xmin::text as version
     from keysweep.tracked_key k join keysweep.inventory_entry e on e.id = k.entry_id
     where k.source = '${source}' order by k.key_id`,
  );

describeStores('mirroring the inventory', (get) => {
  const mirror = (keys: ReturnType<typeof someKeys>) =>
    get().transact((tx) => mirrorInventory(tx, inputs(keys).inventory, true));

  test('does nothing for the inventory that was mirrored last', async () => {
    const source = aSource();
    await mirror(someKeys(3, source));
    const before = await one(get(), 'select mirrored_at from keysweep.inventory');
    const were = await rows(get, source);
    await mirror(someKeys(3, source));
    expect(await rows(get, source)).toEqual(were);
    expect(await one(get(), 'select mirrored_at from keysweep.inventory')).toEqual(before);
  });

  test('gives new keys rows in the order of their names, whatever the order of the file', async () => {
    const source = aSource();
    await mirror([...someKeys(12, source)].reverse());
    const ids = (await rows(get, source)).map(({ id }) => id);
    expect(ids).toHaveLength(12);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });

  test('writes only the keys whose entry changed', async () => {
    const source = aSource();
    const keys = someKeys(3, source);
    await mirror(keys);
    const were = await rows(get, source);
    await mirror(keys.map((key, n) => (n === 1 ? { ...key, owner: 'bob' } : key)));
    const are = await rows(get, source);
    expect(are.map(({ owner }) => owner)).toEqual(['ann', 'bob', 'ann']);
    expect(are[0]).toEqual(were[0]);
    expect(are[2]).toEqual(were[2]);
    expect(are[1]?.version).not.toBe(were[1]?.version);
  });

  test('marks a key that left, and reuses its row when it returns', async () => {
    const source = aSource();
    const keys = someKeys(2, source);
    await mirror(keys);
    const were = await rows(get, source);
    await mirror(keys.slice(1));
    expect((await rows(get, source)).map(({ gone }) => gone)).toEqual([true, false]);
    await mirror(keys);
    const are = await rows(get, source);
    expect(are.map(({ gone }) => gone)).toEqual([false, false]);
    expect(are.map(({ id }) => id)).toEqual(were.map(({ id }) => id));
  });

  test('distinguishes absent approved scopes from an empty list', async () => {
    const source = aSource();
    const [a, b] = someKeys(2, source);
    if (a === undefined || b === undefined) throw new Error('no keys');
    await mirror([
      { ...a, approvedScopes: null },
      { ...b, approvedScopes: [] },
    ]);
    const approved = await all<{ approved_scopes: string[] | null }>(
      get(),
      `select e.approved_scopes from keysweep.tracked_key k
       join keysweep.inventory_entry e on e.id = k.entry_id
       where k.source = '${source}' order by k.key_id`,
    );
    expect(approved.map((row) => row.approved_scopes)).toEqual([null, []]);
  });

  test('mirrors 12,000 keys, each with an owner of its own, over several chunks', async () => {
    const source = aSource();
    const keys = someKeys(12_000, source).map((key, n) => ({ ...key, owner: `owner-${n}` }));
    await mirror(keys);
    const count = `select count(distinct e.owner)::integer as n from keysweep.tracked_key k
      join keysweep.inventory_entry e on e.id = k.entry_id
      where k.source = '${source}' and k.untracked_at is null`;
    expect(await one(get(), count)).toEqual({ n: 12_000 });
  });
});

describePostgres('mirroring more keys, with more entries, than are staged at once', (get) => {
  test('gives each key its row in the order of the names, and its entry', async () => {
    const source = aSource();
    const names = Array.from({ length: 21_000 }, (_, n) => (n * 7_919) % 21_000);
    // The entries of the last keys were staged so long ago that they are staged once more.
    const more = Array.from({ length: 1_000 }, (_, n) => ({ name: 21_000 + n, tag: names[n] }));
    const keys = [...names.map((name) => ({ name, tag: name })), ...more].map(({ name, tag }) =>
      aTrackedKey(`k${name}`, { source, tags: [`t${tag}`] }),
    );
    await get().transactLong((tx) => mirrorInventory(tx, inputs(keys).inventory, true));
    const found = await all<{ key_id: string; tag: string }>(
      get(),
      `select k.key_id, e.tags[1] as tag from keysweep.tracked_key k
       join keysweep.inventory_entry e on e.id = k.entry_id
       where k.source = '${source}' and k.untracked_at is null order by k.id`,
    );
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    expect(found.map(({ key_id, tag }) => `${key_id} ${tag}`)).toEqual(
      keys
        .toSorted((a, b) => byBytes(a.keyId, b.keyId))
        .map(({ keyId, tags }) => `${keyId} ${tags[0]}`),
    );
  });
});

describePostgres('mirroring an inventory of several chunks', (get) => {
  /** The rows of `tracked_key` that were read without an index. */
  const scanned = (keys: ReturnType<typeof someKeys>) =>
    get().transactLong(async (tx) => {
      await mirrorInventory(tx, inputs(keys).inventory, true);
      const { rows } = await sql<{ keys: number }>`
        select seq_tup_read::integer as keys from pg_stat_xact_user_tables
        where relid = 'keysweep.tracked_key'::regclass
      `.execute(tx);
      return rows[0]?.keys;
    });

  test('reads the keys tracked before as a whole twice at most, not for each chunk', async () => {
    const keys = someKeys(20_000, aSource());
    expect(await scanned(keys)).toBe(0);
    const changed = keys.map((key, n) => (n % 2 === 0 ? { ...key, owner: 'bob' } : key));
    expect(await scanned(changed)).toBeLessThanOrEqual(2 * 20_000);
    const counts = `select e.owner, count(*)::integer as keys from keysweep.tracked_key k
      join keysweep.inventory_entry e on e.id = k.entry_id group by e.owner order by e.owner`;
    expect(await all(get(), counts)).toEqual([
      { owner: 'ann', keys: 10_000 },
      { owner: 'bob', keys: 10_000 },
    ]);
  });
});

describePostgres('mirroring the inventory beside a worker', (get) => {
  test('waits for no key that it does not change, because that could be a deadlock', async () => {
    const source = aSource();
    const keys = someKeys(3, source);
    const mirror = (some: typeof keys) =>
      get().transact((tx) => mirrorInventory(tx, inputs(some).inventory, true));
    await mirror(keys.slice(0, 2));
    await get().transact(async (worker) => {
      await sql`
        select from keysweep.tracked_key where source = ${source} for no key update
      `.execute(worker);
      await sql`set local idle_in_transaction_session_timeout = 5000`.execute(worker);
      await mirror(keys);
    });
    expect(await rows(get, source)).toHaveLength(3);
  });
});
