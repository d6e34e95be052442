import { expect, test } from 'vitest';
import { type SweepWait, waitForSweep } from '../../../src/cli/sweep/wait-for-sweep.ts';
import type { Operations } from '../../../src/operations/index.ts';
import { readPending } from '../../../src/record/reads/read-pending.ts';
import { openRequestedSweep } from '../../../src/record/sweeps/open-sweep.ts';
import { readProgress, writeRequest } from '../../../src/record/sweeps/requests.ts';
import { describeStores } from '../../record/stores.ts';
import { aSource, inputs, run, someKeys } from '../../record/world.ts';

describeStores('waiting for a sweep that no worker closes', (get) => {
  /** A request whose sweep is open. Its deadline is then; a second here counts as an hour. */
  async function anOpenSweep(deadline: string): Promise<SweepWait> {
    const words = { keys: undefined, reason: null, requestedBy: null };
    const requestId = await writeRequest(get(), words, null);
    await openRequestedSweep(get(), requestId, 60_000, inputs(someKeys(1, aSource())));
    await run(
      get(),
      `update keysweep.sweep set deadline_at = now() + interval '${deadline}'
       where id = (select sweep_id from keysweep.request where id = '${requestId}')`,
    );
    const operations: Pick<Operations, 'progress' | 'pending'> = {
      progress: ({ id }) => readProgress(get(), id),
      pending: ({ id }) => readPending(get(), id),
    };
    const bar = { show: () => undefined, note: () => undefined, clear: () => undefined };
    return {
      operations: operations as Operations,
      requestId,
      bar,
      signal: AbortSignal.timeout(400),
      goesOn: 'there',
      now: () => performance.now() * 3_600,
    };
  }

  test('ends three minutes after its deadline', async () => {
    await expect(waitForSweep(await anOpenSweep('-1 second'))).rejects.toThrow(
      /^the sweep passed its deadline 3 minutes ago and no worker closes it: .*continues there$/,
    );
  });

  test('goes on before its deadline', async () => {
    await expect(waitForSweep(await anOpenSweep('1 hour'))).rejects.toThrow(/^stopped/);
  });
});
