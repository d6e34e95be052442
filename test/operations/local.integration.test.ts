import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { createLocalOperations } from '../../src/operations/local.ts';
import { RequestRefused } from '../../src/record/store/errors.ts';
import { describeStores } from '../record/stores.ts';
import { aSource, someKeys } from '../record/world.ts';

const asked = { keys: undefined, reason: null, requestedBy: null };

describeStores('operations on an open store', (get) => {
  const woken: string[] = [];
  const operations = () =>
    createLocalOperations(get(), { inventory: someKeys(2, 'here') } as unknown as Config, {
      request: async (id) => void woken.push(id),
      alerts: async () => undefined,
    });

  test('a request that is asked again under the same name is one request', async () => {
    const { requestAudit } = operations();
    const once = aSource();
    const first = await requestAudit(asked, once);
    expect(await requestAudit(asked, once)).toBe(first);
    expect(await requestAudit(asked, `${once} too`)).not.toBe(first);
    expect(await requestAudit(asked)).not.toBe(await requestAudit(asked));
    expect(woken).toContain(first);
  });

  test('a request for a key that nobody tracks is refused', async () => {
    const keys = [{ source: 'there', keyId: 'key_0' }];
    const refused = operations().requestAudit({ ...asked, keys });
    await expect(refused).rejects.toThrow(RequestRefused);
  });
});
