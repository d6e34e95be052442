import { expect, test } from 'vitest';
import { judgeHere } from '../../src/backtest/judging/judge-here.ts';
import type { Config } from '../../src/config/config.ts';
import { keepKeys } from '../../src/inventory/keep-keys.ts';
import { AccessRefused, type Caller, localCaller } from '../../src/operations/caller.ts';
import { createLocalOperations } from '../../src/operations/local.ts';
import { RequestRefused } from '../../src/record/store/errors.ts';
import { describeStores } from '../record/stores.ts';
import { all, aSource, aTrackedKey, someKeys } from '../record/world.ts';

const words = { reason: null, requestedBy: null };

describeStores('operations on an open store', (get) => {
  const woken: string[] = [];
  const operations = (caller: Caller = localCaller()) => {
    const config = { inventory: keepKeys(someKeys(2, 'here')) } as unknown as Config;
    const wake = {
      request: async (id: string) => void woken.push(id),
      alerts: async () => undefined,
    };
    return createLocalOperations(get(), () => config, wake)(caller);
  };

  test('a viewer reads and changes nothing; an operator changes', async () => {
    const before = woken.length;
    const viewer = operations({ name: 'v', role: 'viewer', from: '127.0.0.1' });
    await expect(viewer.sweep(words)).rejects.toThrow(AccessRefused);
    expect(woken).toHaveLength(before);
    await viewer.progress({ id: 'none' });
    await operations({ name: 'o', role: 'operator', from: '127.0.0.1' }).sweep(words);
    expect(woken).toHaveLength(before + 1);
  });

  test('the back-test of somebody elsewhere ends after 60 s, and one of this machine does not', async () => {
    const limits: (number | undefined)[] = [];
    const openJudge = (limitMs: number | undefined) => {
      limits.push(limitMs);
      return judgeHere;
    };
    const config = { sources: [] } as unknown as Config;
    const wake = { request: async () => undefined, alerts: async () => undefined };
    const noted = () => undefined;
    const operationsFor = createLocalOperations(get(), () => config, wake, noted, openJudge);
    const elsewhere: Caller = { name: 'o', role: 'operator', from: '192.0.2.7' };
    const asked = {
      policy: 'version: "1"\nrules: [{ id: u, type: unowned, severity: low }]\n',
      sweeps: { kind: 'last' } as const,
    };
    for (const caller of [elsewhere, localCaller()]) {
      await operationsFor(caller).backtest(asked);
    }
    expect(limits).toEqual([60_000, undefined]);
  });

  test('a request that is asked again under the same name is one request', async () => {
    const { sweep } = operations();
    const ask = async (name?: string) => (await sweep(words, name)).request;
    const once = aSource();
    const first = await ask(once);
    expect(await ask(once)).toBe(first);
    expect(await ask(`${once} too`)).not.toBe(first);
    expect(await ask()).not.toBe(await ask());
    expect(woken).toContain(first);
  });

  test('a request over the network is that of the credential, whomever it names', async () => {
    const requesterOf = async (caller: Caller, requestedBy: string | null) => {
      const { request } = await operations(caller).sweep({ reason: null, requestedBy });
      const sql = `select requested_by from keysweep.request where id = '${request}'`;
      return (await all<{ requested_by: string }>(get(), sql))[0]?.requested_by;
    };
    const token: Caller = { name: 'ops', role: 'operator', from: '192.0.2.7' };
    expect(await requesterOf(token, 'ann')).toBe('ops');
    expect(await requesterOf(localCaller(), 'ann')).toBe('ann');
  });

  test('keys of the inventory are listed before a sweep has opened them', async () => {
    const listed: unknown[] = [];
    for await (const key of operations().keys({})) listed.push(key);
    expect(listed).toMatchObject([
      { source: 'here', keyId: 'key_0', verdict: null, observedAt: null },
      { source: 'here', keyId: 'key_1', verdict: null, observedAt: null },
    ]);
  });

  test('a request for a key that nobody tracks is refused', async () => {
    const keys = [{ source: 'there', keyId: 'key_0' }];
    const refused = operations().audit({ ...words, keys });
    await expect(refused).rejects.toThrow(RequestRefused);
  });

  const asked = (keyId: string, source?: string) => {
    const inventory = [
      ...someKeys(11, 'one'),
      ...someKeys(2, 'two'),
      aTrackedKey('odd%_id', { source: 'two' }),
    ];
    const config = { inventory: keepKeys(inventory) } as unknown as Config;
    const wake = { request: async () => undefined, alerts: async () => undefined };
    return createLocalOperations(
      get(),
      () => config,
      wake,
    )(localCaller()).findKeys({ keyId, source });
  };
  const one = (keyId: string) => ({ source: 'one', keyId });

  test('a key is found by its id, or by a beginning that no other id has', async () => {
    expect(await asked('key_5')).toEqual([one('key_5')]);
    expect(await asked('key_10')).toEqual([one('key_10')]);
    // A whole id comes first: it is the beginning of key_10 too.
    expect(await asked('key_1')).toEqual([one('key_1'), { source: 'two', keyId: 'key_1' }]);
    expect(await asked('od')).toEqual([{ source: 'two', keyId: 'odd%_id' }]);
    expect(await asked('od', 'one')).toEqual([]);
    expect(await asked('odd%_')).toHaveLength(1);
    expect(await asked('odd__')).toEqual([]);
    expect(await asked('OD')).toEqual([]);
    expect(await asked('')).toEqual([]);
  });

  test('a beginning of several ids is refused with the candidates', async () => {
    await expect(asked('key_')).rejects.toThrow(
      'several key ids begin with "key_": key_0, key_1, key_10, key_2, key_3, and others; give more of it',
    );
    const refused = asked('key', 'two');
    await expect(refused).rejects.toThrow('begin with "key": key_0, key_1; give more of it');
    await expect(refused).rejects.toThrow(RequestRefused);
  });

  test('an audit itself takes whole ids only', async () => {
    const keys = [{ source: 'here', keyId: 'key_' }];
    await expect(operations().audit({ ...words, keys })).rejects.toThrow(RequestRefused);
  });
});
