import { expect, test } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import { localCaller } from '../../../src/operations/caller.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import { RequestRefused } from '../../../src/record/store/errors.ts';
import { describeStores } from '../../record/stores.ts';
import { aSource, aTrackedKey, inputs, sweep } from '../../record/world.ts';

type Named = Readonly<Partial<Record<'owner' | 'rule' | 'key' | 'source', string[]>>>;

describeStores('the filters of findings', (get) => {
  /** Two keys of this source with two findings each; the configuration knows one rule and owner. */
  const world = async () => {
    const source = aSource();
    const keys = [
      aTrackedKey(`${source}-1`, { source, owner: `ann ${source}` }),
      aTrackedKey(`${source}-10`, { source, owner: 'bob' }),
    ];
    const breaks = ['stale', 'old'];
    await sweep(
      get(),
      inputs(keys),
      Object.fromEntries(keys.map((key) => [key.keyId, { breaks }])),
    );
    const config = {
      inventory: keepKeys(keys.slice(0, 1)),
      policy: { policy: { rules: [{ id: 'stale' }, { id: 'calm' }] } },
      sources: [{ id: 'spare' }],
    } as unknown as Config;
    const wake = { request: async () => undefined, alerts: async () => undefined };
    const { findings } = createLocalOperations(get(), () => config, wake)(localCaller());
    const list = async (named: Named, severity: 'info' | 'high' = 'info') => {
      const found = [];
      for await (const one of findings({ ...named, status: ['open'], severity })) {
        if (one.source === source) found.push(`${one.keyId.slice(source.length)} ${one.rule}`);
      }
      return found;
    };
    return { source, list };
  };

  test('list what has one of the names of each filter', async () => {
    const { source, list } = await world();
    const ann = `ann ${source}`;
    expect(await list({ source: [source] })).toHaveLength(4);
    expect(await list({ rule: ['stale'] })).toEqual(['-1 stale', '-10 stale']);
    expect(await list({ owner: [ann] })).toEqual(['-1 stale', '-1 old']);
    expect(await list({ owner: [ann, 'bob'], rule: ['old'] })).toEqual(['-1 old', '-10 old']);
    expect(await list({ owner: [ann] }, 'high')).toEqual(['-1 stale']);
    expect(await list({ source: ['spare'] })).toEqual([]);
    expect(await list({ rule: ['calm'] })).toEqual([]);
  });

  test('take a key by its id or by a unique beginning', async () => {
    const { source, list } = await world();
    expect(await list({ key: [`${source}-1`] })).toEqual(['-1 stale', '-1 old']);
    expect(await list({ key: [`${source}-10`] })).toEqual(['-10 stale', '-10 old']);
    const several = `several key ids begin with "${source}-": ${source}-1, ${source}-10; give more`;
    await expect(list({ key: [`${source}-`] })).rejects.toThrow(several);
    await expect(list({ key: [`${source}-1`, '%'] })).rejects.toThrow('no key id begins with "%"');
  });

  test('refuse a name that neither the configuration nor the records know', async () => {
    const { list } = await world();
    await expect(list({ rule: ['stale', 'stal'] })).rejects.toThrow(RequestRefused);
    await expect(list({ rule: ['stal'] })).rejects.toThrow(
      /^no rule is called "stal"; known: calm, old, stale$/,
    );
    await expect(list({ source: ['x'] })).rejects.toThrow(
      /no source is called "x"; known: .*spare/,
    );
    await expect(list({ owner: ['Bob'] })).rejects.toThrow(
      /no owner is called "Bob"; known: .*bob/,
    );
  });
});
