import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { pendingFindingsOf, readPendingEvents } from '../../../src/record/outbox/pending-events.ts';
import { explainAll } from '../explain.ts';
import { describePostgres } from '../stores.ts';
import { run } from '../world.ts';

const changed = 3_000;

describePostgres('the pending events of a sweep', (get) => {
  test('are read once each and in order, though the statistics know nothing of them yet', async () => {
    const database = get();
    await run(
      database,
      `insert into keysweep.policy (hash, version, text) values ('h', '1', 'x');
       insert into keysweep.inventory_entry (hash, tags) values ('x', '{}');
       insert into keysweep.tracked_key (source, key_id, entry_id)
         select 'prod', 'key_' || n, 1 from generate_series(1, ${changed}) n;
       insert into keysweep.finding (key_id, rule, fingerprint, type, severity, state, facts,
           controls, policy_id, first_seen_at, last_seen_at)
         select id, 'stale', 'f' || id, 'stale', 'high', 'open', '{}', '{}', 1, now(), now()
         from keysweep.tracked_key;
       insert into keysweep.finding_event (finding_id, sweep_id, kind, facts, planned_at)
         select id, 1, 'opened', '{}', now() from keysweep.finding;
       analyze`,
    );
    const { events, plans } = await database.transact(async (tx) => {
      await sql`
        insert into keysweep.finding_event (finding_id, sweep_id, kind, facts)
        select id, 2, 'resolved', '{}' from keysweep.finding
      `.execute(tx);
      const read = () => readPendingEvents(tx, pendingFindingsOf(2));
      return {
        events: await read(),
        plans: await explainAll({ db: tx }, read, 'explain analyze'),
      };
    });
    const ids = events.map(({ id }) => Number(id));
    expect(ids).toEqual(Array.from({ length: changed }, (_, n) => changed + 1 + n));
    // One lists them, and the others read a thousand each.
    expect(plans).toHaveLength(4);
    for (const plan of plans) {
      const passes = [...plan.matchAll(/rows=(\d+) loops=(\d+)\)/g)];
      expect(passes.length).toBeGreaterThan(3);
      const most = Math.max(...passes.map(([, rows, loops]) => Number(rows) * Number(loops)));
      expect(most).toBeLessThanOrEqual(4 * changed);
    }
  });
});
