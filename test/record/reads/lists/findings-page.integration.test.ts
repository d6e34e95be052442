import { expect, test } from 'vitest';
import type { FindingsFilter } from '../../../../src/record/reads/lists/findings-filter.ts';
import { readFindingsPage } from '../../../../src/record/reads/lists/read-findings-page.ts';
import { describeStores } from '../../stores.ts';
import { aSource, aTrackedKey, inputs, run, sweep } from '../../world.ts';

const everyStatus = ['open', 'waived', 'resolved'] as const;

describeStores('the list of findings', (get) => {
  const world = async () => {
    const source = aSource();
    const entries = [
      { owner: 'ann', environment: 'production', tags: ['pci', 'eu'] },
      { owner: 'bob', environment: null, tags: [] },
    ];
    const keys = entries.map((entry, n) => aTrackedKey(`k${n}`, { source, ...entry }));
    const breaks = ['stale', 'old'];
    await sweep(get(), inputs(keys), { k0: { breaks }, k1: { breaks } });
    const list = async (filter: Partial<FindingsFilter>, limit = 100, cursor?: string) => {
      const whole = { statuses: everyStatus, severity: 'info' as const, source: [source] };
      const page = await readFindingsPage(get(), { ...whole, ...filter }, { limit, cursor });
      return { ids: page.items.map(({ keyId, rule }) => `${keyId} ${rule}`), next: page.next };
    };
    return { source, keys, list };
  };

  test('continues behind the last one, over severities, when others come and go', async () => {
    const { list, source, keys } = await world();
    const first = await list({}, 1);
    expect(first.ids).toEqual(['k0 stale']);
    await run(
      get(),
      `update keysweep.finding set state = 'resolved' where source = '${source}' and key_text = 'k0'`,
    );
    const added = aTrackedKey('a', { source });
    await sweep(get(), inputs([...keys, added]), {
      a: { breaks: ['stale', 'old'] },
      k1: { breaks: ['stale', 'old'] },
    });
    const second = await list({ statuses: ['open'] }, 2, first.next ?? '');
    expect(second.ids).toEqual(['k1 stale', 'a old']);
    const third = await list({ statuses: ['open'] }, 2, second.next ?? '');
    expect(third).toEqual({ ids: ['k1 old'], next: null });
  });

  test('is filtered by the key and by what the inventory says of it', async () => {
    const { list } = await world();
    const ids = async (filter: Partial<FindingsFilter>) => (await list(filter)).ids;
    const ofAnn = ['k0 stale', 'k0 old'];
    expect(await ids({ environment: ['production'] })).toEqual(ofAnn);
    expect(await ids({ tag: ['eu', 'us'] })).toEqual(ofAnn);
    expect(await ids({ tag: ['eu'], owner: ['bob'] })).toEqual([]);
    expect(await ids({ key: ['k1'], rule: ['old'] })).toEqual(['k1 old']);
    expect(await ids({ verdict: ['fail'] })).toHaveLength(4);
    expect(await ids({ verdict: ['pass'] })).toEqual([]);
    expect(await ids({ text: 'STAL' })).toEqual(['k0 stale', 'k1 stale']);
    expect(await ids({ text: 'ann' })).toEqual(ofAnn);
    expect(await ids({ text: "'" })).toEqual([]);
  });

  test('a worker of an older build names no key, and its findings are listed all the same', async () => {
    const { list, source } = await world();
    await run(
      get(),
      `insert into keysweep.finding (key_id, rule, fingerprint, type, severity, state, facts, controls,
         policy_id, first_seen_at, last_seen_at)
       select k.id, 'late', '${source}', 'stale', 'critical', 'open', '{}', '{}', f.policy_id, now(), now()
       from keysweep.tracked_key k join keysweep.finding f on f.key_id = k.id
       where k.source = '${source}' and k.key_id = 'k1' and f.rule = 'old'`,
    );
    expect((await list({}, 1)).ids).toEqual(['k1 late']);
  });
});
