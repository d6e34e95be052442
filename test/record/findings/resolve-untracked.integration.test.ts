import { EventEmitter, once } from 'node:events';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { resolveUntracked } from '../../../src/record/findings/resolve-untracked.ts';
import { eventually } from '../../support/eventually.ts';
import { describePostgres } from '../stores.ts';
import { all, aSource, findings, inputs, one, open, run, someKeys, sweep } from '../world.ts';

describePostgres('ending the findings of keys that left', (get) => {
  test('leaves a finding that another sweep ends at the same time as that sweep ends it', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source));
    await sweep(get(), using, { key_0: { breaks: ['stale'] } });
    await run(
      get(),
      `update keysweep.tracked_key set untracked_at = now() where source = '${source}'`,
    );
    const { sweepId } = await open(get(), inputs(someKeys(1, aSource())));
    const { id } = await one<{ id: number }>(
      get(),
      `select id from keysweep.sweep where uuid = '${sweepId}'`,
    );

    const steps = new EventEmitter();
    const recording = get().transact(async (tx) => {
      await sql`
        update keysweep.finding set state = 'resolved', resolution = 'fixed', resolved_at = now()
        where key_id in (select id from keysweep.tracked_key where source = ${source})
      `.execute(tx);
      const waited = once(steps, 'closing waits');
      steps.emit('finding ended');
      await waited;
    });
    await once(steps, 'finding ended');
    const closing = get().transact((tx) => resolveUntracked(tx, id));
    await eventually('the closing waits for the finding', async () => {
      const waiting = await all(get(), 'select from pg_locks where not granted');
      return waiting.length > 0;
    });
    steps.emit('closing waits');
    await Promise.all([recording, closing]);
    expect(await findings(get(), source)).toEqual(['key_0 stale resolved fixed']);
  });
});
