import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { countedSweeps } from '../../../../src/record/closing/totals.ts';
import type { Records } from '../../../../src/record/store/database.ts';
import { describePostgres } from '../../stores.ts';
import { aSource, claim, inputs, open, record, someKeys } from '../../world.ts';

async function explain(db: Records, statement: ReturnType<typeof sql>): Promise<string> {
  const { rows } = await sql<{ 'QUERY PLAN': string }>`
    explain (analyze, costs off, timing off, summary off) ${statement}
  `.execute(db);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

describePostgres('how packs are opened', (get) => {
  test('opens each pack once to count a sweep whose keys are all unknown', async () => {
    const keys = someKeys(900, aSource());
    const opened = await open(get(), inputs(keys));
    const unknown = Object.fromEntries(keys.map(({ keyId }) => [keyId, { unknown: true }]));
    let sweepRow = 0;
    for (const { batch } of opened.batches) {
      const claimed = await claim(get(), opened, batch);
      sweepRow = claimed.sweepRow;
      await record(get(), claimed, unknown);
    }
    const plan = await explain(get().db, countedSweeps(sql`p.sweep_id = ${sweepRow}`));
    const loops = [...plan.matchAll(/Function Scan .* loops=(\d+)/g)].map(([, n]) => Number(n));
    expect(loops).toEqual([opened.batches.length]);
  });

  test('finds the batch of a key by an index, whatever the collation of the database', async () => {
    const plan = await get().transact(async (tx) => {
      await sql`set local enable_seqscan = off; set local enable_bitmapscan = off`.execute(tx);
      return explain(tx, sql`select from keysweep.sweep_key_of(1, 1)`);
    });
    expect(plan).toMatch(/Index Scan Backward using sweep_batch_of_key/);
    expect(plan).toMatch(/Index Cond: \(\(sweep_id = 1\) AND \(source = t\.source\)/);
  });
});
