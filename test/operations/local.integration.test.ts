import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { createLocalOperations } from '../../src/operations/local.ts';
import { RequestRefused } from '../../src/record/store/errors.ts';
import { describeStores } from '../record/stores.ts';
import { aSource, someKeys } from '../record/world.ts';

const words = { reason: null, requestedBy: null };

describeStores('operations on an open store', (get) => {
  const woken: string[] = [];
  const operations = () =>
    createLocalOperations(get(), () => ({ inventory: someKeys(2, 'here') }) as unknown as Config, {
      request: async (id) => void woken.push(id),
      alerts: async () => undefined,
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
});
