import { expect, test } from 'vitest';
import { hashLeaf, rootOf } from '../../../src/evidence/log/merkle.ts';
import { appendLeaf } from '../../../src/record/log/append-leaf.ts';
import { describeOwnStores } from '../stores.ts';
import { all, run } from '../world.ts';
import { readLeaves } from './leaves.ts';

const retention = (days: number) =>
  ({ event: 'retention-set', retentionMs: days * 86_400_000 }) as const;

describeOwnStores('appending to the evidence log', (get) => {
  const append = (days: number) => get().transact((tx) => appendLeaf(tx, retention(days)));
  const hashes = async () =>
    (await all<{ hash: Uint8Array }>(get(), 'select hash from keysweep.log_leaf order by n')).map(
      ({ hash }) => Buffer.from(hash),
    );

  test('begins with a leaf that says so, and numbers the leaves without a gap', async () => {
    expect(await append(1)).toMatchObject({ n: 1 });
    const undone = get().transact(async (tx) => {
      await appendLeaf(tx, retention(2));
      throw new Error('the transaction fails');
    });
    await expect(undone).rejects.toThrow('the transaction fails');
    expect(await append(3)).toMatchObject({ n: 2 });
    const leaves = await readLeaves(get());
    expect(leaves.map(({ n, event }) => [n, event.event])).toEqual([
      [0, 'log-created'],
      [1, 'retention-set'],
      [2, 'retention-set'],
    ]);
  });

  test('gives each of those who append at once a place of their own', async () => {
    const before = (await readLeaves(get())).length;
    const places = await Promise.all(Array.from({ length: 20 }, (_, day) => append(day + 1)));
    const ordered = places.map(({ n }) => n).sort((a, b) => a - b);
    expect(ordered).toEqual(Array.from({ length: 20 }, (_, place) => before + place));
  });

  test('never goes back in time, even if the clock does', async () => {
    await run(get(), "update keysweep.log_head set at = now() + interval '1 hour'");
    const { at } = await append(4);
    expect(at.getTime()).toBeGreaterThan(Date.now() + 59 * 60_000);
    expect((await append(5)).at.getTime()).toBeGreaterThanOrEqual(at.getTime());
  });

  test('keeps a tile once it is full, and no sooner', async () => {
    const size = (await readLeaves(get())).length;
    await get().transact(async (tx) => {
      for (let n = size; n < 255; n += 1) await appendLeaf(tx, retention(n));
    });
    const tiles = () =>
      all<{ level: number; n: string; root: Uint8Array; hashes: Uint8Array }>(
        get(),
        'select level, n, root, hashes from keysweep.log_tile',
      );
    expect(await tiles()).toEqual([]);
    await append(255);
    const leaves = await hashes();
    const [tile] = await tiles();
    expect([tile?.level, Number(tile?.n)]).toEqual([0, 0]);
    expect(Buffer.from(tile?.hashes ?? [])).toEqual(Buffer.concat(leaves));
    expect(Buffer.from(tile?.root ?? [])).toEqual(rootOf(leaves));
    const [body] = await all<{ body: string }>(get(), 'select body from keysweep.log_leaf');
    expect(leaves[0]).toEqual(hashLeaf(Buffer.from(body?.body ?? '')));
  });
});
