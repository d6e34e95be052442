import { expect, test } from 'vitest';
import { signRotation } from '../../../src/evidence/log/key-rotation.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { appendLeaf } from '../../../src/record/log/append-leaf.ts';
import { tellRotation } from '../../../src/record/log/tell-rotation.ts';
import { RequestRefused } from '../../../src/record/store/errors.ts';
import { eventually } from '../../support/eventually.ts';
import { describePostgres } from '../stores.ts';
import { all } from '../world.ts';
import { readLeaves } from './leaves.ts';

const keyOf = (n: number) => signingKeyOf('keysweep/test', 1, Buffer.alloc(32, n));

describePostgres('two rotations of the key of the log at once', (get) => {
  test('replace it once; the other one says which key it is now, and what to do', async () => {
    const old = keyOf(1);
    const rotate = (n: number) => tellRotation(get(), signRotation(old, keyOf(n)));
    const leaf = { event: 'retention-set', retentionMs: 1 } as const;
    let both: Promise<PromiseSettledResult<unknown>[]> | undefined;
    await get().transact(async (tx) => {
      // It holds the head of the log, for which the first rotation waits, and the second for that.
      await appendLeaf(tx, leaf);
      both = Promise.allSettled([rotate(2), rotate(3)]);
      await eventually('both rotations wait', async () => {
        return (await all(get(), 'select from pg_locks where not granted')).length === 2;
      });
    });
    const outcomes = (await both) ?? [];
    const done = outcomes.findIndex(({ status }) => status === 'fulfilled');
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    const now = keyOf(done + 2).verifier.id;
    expect(refused).toEqual([expect.any(RequestRefused)]);
    expect(String(refused[0]?.message)).toBe(
      `another rotation has just replaced the key ${old.verifier.id} with ${now}, and this one ` +
        'changed nothing; let evidence.keyFile name that key, and rotate it if you still need to',
    );
    const told = (await readLeaves(get())).filter(({ event }) => event.event === 'key-rotated');
    expect(told).toHaveLength(1);
  });
});
