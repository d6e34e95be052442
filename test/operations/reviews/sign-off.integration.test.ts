import { expect, test } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { keepKeys } from '../../../src/inventory/keep-keys.ts';
import { type Caller, localCaller } from '../../../src/operations/caller.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import { aReview, readOne, start } from '../../record/reviews/a-review.ts';
import { describeStores } from '../../record/stores.ts';
import { aSource, inputs, someKeys, sweep } from '../../record/world.ts';

const carl: Caller = {
  ...{ name: 'carl', role: 'operator', from: '192.0.2.7' },
  proof: { known: 'token' },
};

describeStores('signing a campaign off', (get) => {
  /** A campaign that is open, and who signs it off. */
  const open = async (approvals: Config['approvals']) => {
    const source = aSource();
    const keys = someKeys(1, source);
    await sweep(get(), inputs(keys));
    const row = await start(get(), aReview({ of: { source: [source] } }));
    const { id } = await readOne(get(), row);
    const config = { approvals, reviews: [], inventory: keepKeys(keys), sources: [] };
    const wake = { request: async () => undefined, alerts: async () => undefined };
    const operationsFor = createLocalOperations(get(), () => config as unknown as Config, wake);
    return (caller: Caller) =>
      operationsFor(caller)
        .signOffReview({ id, reason: 'seen', by: 'dora' })
        .then(
          () => 'signed',
          (error: Error) => error.message,
        );
  };

  test('takes somebody who signed in where approvals do', async () => {
    const sign = await open('signed-in');
    const refused = 'only somebody who signed in can sign a campaign off';
    for (const caller of [localCaller(), localCaller('socket'), { ...carl, proof: undefined }]) {
      expect(await sign(caller)).toBe(refused);
    }
    expect(await sign(carl)).toBe('signed');
  });

  test('takes a name on the command line elsewhere', async () => {
    expect(await (await open(undefined))(localCaller())).toBe('signed');
  });
});
