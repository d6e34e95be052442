import { expect, test } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { localCaller } from '../../../src/operations/caller.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import { countDenials } from '../../../src/record/audit-log/count-denials.ts';
import { recordAsked, recordEnd } from '../../../src/record/audit-log/record-asked.ts';
import { readAuditPage } from '../../../src/record/reads/lists/read-audit-page.ts';
import type { AuditRecord } from '../../../src/report/audit-model.ts';
import { explainAll } from '../../record/explain.ts';
import { describeStores } from '../../record/stores.ts';
import { aSource, run } from '../../record/world.ts';

describeStores('the list of what was asked for', (get) => {
  const list = () => {
    const wake = { request: async () => undefined, alerts: async () => undefined };
    const operationsFor = createLocalOperations(get(), () => ({}) as Config, wake);
    return operationsFor(localCaller()).auditLog;
  };
  type Filter = Parameters<ReturnType<typeof list>>[0];
  const collect = async (filter: Filter) => {
    const found: AuditRecord[] = [];
    for await (const record of list()(filter)) found.push(record);
    return found;
  };
  const ask = async (who: string, what: string, at?: string) => {
    const asked = {
      ...{ who, what, role: 'operator', asserted: null, input: { n: 1 }, origin: 'local' },
      ...({ known: 'oidc', subject: 's-1', mail: 'ann@x.example' } as const),
    };
    const id = await recordAsked(get().db, asked);
    if (at !== undefined) {
      await run(get(), `update keysweep.audit_record set at = '${at}' where id = ${id}`);
    }
    return id;
  };

  test('has the newest first, and filters by who, what, outcome and origin', async () => {
    const [ann, bob] = [aSource(), aSource()];
    const ids = [await ask(ann, 'sweep'), await ask(bob, 'sweep'), await ask(ann, 'release')];
    await recordEnd(get().db, ids[0] ?? '', { outcome: 'refused', reason: 'no' });
    const idsOf = async (filter: Filter) => (await collect(filter)).map(({ id }) => id);
    expect(await idsOf({ who: [ann, bob] })).toEqual([...ids].reverse());
    expect(await idsOf({ who: [ann], what: ['sweep'] })).toEqual([ids[0]]);
    expect(await idsOf({ who: [ann], outcome: ['asked', 'failed'] })).toEqual([ids[2]]);
    expect(await idsOf({ who: [ann], origin: ['socket'] })).toEqual([]);
    expect(await collect({ who: [ann], outcome: ['refused'] })).toEqual([
      {
        ...{ id: ids[0], who: ann, role: 'operator', asserted: null, what: 'sweep' },
        ...{ known: 'oidc', subject: 's-1', mail: 'ann@x.example' },
        ...{ input: { n: 1 }, origin: 'local', outcome: 'refused', reason: 'no', times: 1 },
        ...{ at: expect.any(Date), endedAt: expect.any(Date), request: null },
      },
    ]);
  });

  test('begins with the first instant of a day and ends with its last', async () => {
    const who = [aSource()];
    const ask2 = (at: string) => ask(who[0] ?? '', 'sweep', at);
    const times = ['28T23:59:59.999999Z', '29T00:00:00Z', '29T23:59:59.999999Z', '30T00:00:00Z'];
    const ids = [];
    for (const time of times) ids.push(await ask2(`2026-11-${time}`));
    const idsOf = async (filter: Filter) => (await collect({ who, ...filter })).map(({ id }) => id);
    expect(await idsOf({ from: '2026-11-29', to: '2026-11-29' })).toEqual([ids[2], ids[1]]);
    expect(await idsOf({ from: '2026-11-30' })).toEqual([ids[3]]);
    expect(await idsOf({ to: '2026-11-29T00:00:00Z' })).toEqual([ids[0]]);
  });

  test('has a count for the whole time from its first denial to its last', async () => {
    const origin = aSource();
    const denied = { who: null, role: null, what: 'token', origin, reason: 'unknown', times: 5 };
    await countDenials(get().db, [denied]);
    await run(
      get(),
      `update keysweep.audit_record set at = '2026-11-20T08:00:00Z',
        ended_at = '2026-11-20T08:50:00Z' where origin = '${origin}'`,
    );
    const within = { origin: [origin], from: '2026-11-20T08:30:00Z', to: '2026-11-20T08:40:00Z' };
    expect(await collect(within)).toMatchObject([{ who: null, outcome: 'denied', times: 5 }]);
    expect(await collect({ origin: [origin], from: '2026-11-20T08:51:00Z' })).toEqual([]);
  });

  test('finds what one or two people asked for along an index, among many records', async () => {
    const [who, other] = [aSource(), aSource()];
    await run(
      get(),
      `insert into keysweep.audit_record (who, what, input, origin)
         select 'many', 'sweep', '{}', 'local' from generate_series(1, 20000);
       analyze keysweep.audit_record`,
    );
    await ask(who, 'sweep');
    for (const names of [[who], [who, other]]) {
      const plans = await explainAll(get(), () =>
        readAuditPage(get(), { who: names }, { limit: 50, cursor: undefined }),
      );
      expect(plans).toEqual([expect.stringContaining('audit_record_who')]);
    }
    await run(get(), "delete from keysweep.audit_record where who = 'many'");
  });

  test('continues where a page ended, also when new records come', async () => {
    const who = aSource();
    const ids = [await ask(who, 'a'), await ask(who, 'b'), await ask(who, 'c')];
    const first = await list()({ who: [who] }).page({ limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    await ask(who, 'd');
    const second = await list()({ who: [who] }).page({ limit: 2, cursor: first.next ?? '' });
    expect(second.items.map(({ id }) => id)).toEqual([ids[0]]);
    expect(second.next).toBeNull();
  });
});
