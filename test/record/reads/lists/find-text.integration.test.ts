import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { keepKeys } from '../../../../src/inventory/keep-keys.ts';
import { findText } from '../../../../src/record/reads/lists/find-text.ts';
import { readFindingsPage } from '../../../../src/record/reads/lists/read-findings-page.ts';
import { readKeysPage } from '../../../../src/record/reads/lists/read-keys-page.ts';
import { describeStores } from '../../stores.ts';
import { aSource, aTrackedKey, inputs, run, sweep } from '../../world.ts';

describeStores('the search for a text', (get) => {
  /** The ids of the keys of a source that hold the text. */
  const search = async (source: string, text: string) => {
    const { isIn } = await findText(get().db, text);
    const { rows } = await sql<{ key_id: string }>`
      select k.key_id from keysweep.tracked_key k
      where k.source = ${source} and ${isIn(sql`k.id`, sql`k.entry_id`)} order by k.key_id
    `.execute(get().db);
    return rows.map(({ key_id }) => key_id);
  };

  /** Keys `a` of Ann and `b` of Bob, whose findings are open, and as many others as asked for. */
  const world = async (others = 0) => {
    const source = aSource();
    const keys = [
      aTrackedKey('a', { source, owner: 'ann' }),
      aTrackedKey('b', { source, owner: 'bob' }),
    ];
    await sweep(get(), inputs(keys), { a: { breaks: ['stale'] }, b: { breaks: ['stale'] } });
    await run(
      get(),
      `insert into keysweep.inventory_entry (hash, owner, tags)
         select sha256(('${source}' || n)::bytea), 'crowd of ${source}', array[n::text]
         from generate_series(1, ${others}) n;
       insert into keysweep.tracked_key (source, key_id, entry_id)
         select '${source}', 'z' || row_number() over (order by id), id
         from keysweep.inventory_entry where owner = 'crowd of ${source}'`,
    );
    return source;
  };

  test('finds a key by its id, source, name and owner, in either case', async () => {
    const source = await world();
    expect(await search(source, source.toUpperCase())).toEqual(['a', 'b']);
    expect(await search(source, 'CHECKout')).toEqual(['a', 'b']);
    expect(await search(source, 'Ann')).toEqual(['a']);
    expect(await search(source, 'nobody')).toEqual([]);
    // The end of one field and the beginning of the next are no text.
    expect(await search(source, `b${source}`)).toEqual([]);
  });

  test('finds a key by the name that it has now', async () => {
    const source = await world();
    await run(
      get(),
      `update keysweep.tracked_key set seen_name = 'Ledger' where source = '${source}' and key_id = 'b'`,
    );
    expect(await search(source, 'checkout')).toEqual(['a']);
    expect(await search(source, 'ledger')).toEqual(['b']);
  });

  test.each([1_998, 1_999])(
    'finds the same where few or many keys hold it (%i more)',
    async (n) => {
      const source = await world(n);
      expect(await search(source, source)).toHaveLength(n + 2);
      expect(await search(source, `crowd of ${source}`)).toHaveLength(n);
      const asked = { limit: 3, cursor: undefined };
      const { items: keys } = await readKeysPage(get(), { text: source }, keepKeys([]), asked);
      expect(keys.map(({ keyId }) => keyId)).toEqual(['a', 'b', 'z1']);
      const filter = { text: source, statuses: ['open'] as const, severity: 'info' as const };
      const { items: findings } = await readFindingsPage(get(), filter, asked);
      expect(findings.map(({ keyId }) => keyId)).toEqual(['a', 'b']);
      expect(
        await readFindingsPage(get(), { ...filter, text: `crowd of ${source}` }, asked),
      ).toEqual({ items: [], next: null });
    },
  );

  test('finds the same where many owners hold it', async () => {
    const source = await world(2_001);
    expect(await search(source, `crowd of ${source}`)).toHaveLength(2_001);
  });
});
