import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { PendingEvent } from '../../../src/alert/plan/pending-event.ts';
import {
  pendingEventsOf,
  pendingFindingsOf,
  withEvents,
} from '../../../src/record/outbox/pending-events.ts';
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
    const { pages, plans } = await database.transact(async (tx) => {
      await sql`
        insert into keysweep.finding_event (finding_id, sweep_id, kind, facts)
        select id, 2, 'resolved', '{}' from keysweep.finding
      `.execute(tx);
      const pending = pendingEventsOf(pendingFindingsOf(2));
      const pages: (readonly PendingEvent[])[] = [];
      const read = () =>
        withEvents(tx, pending, async (all) => {
          for await (const page of all()) pages.push(page);
        });
      await read();
      const seen = pages.splice(0);
      return { pages: seen, plans: await explainAll({ db: tx }, read, 'explain analyze') };
    });
    const ids = pages.flat().map(({ id }) => Number(id));
    expect(ids).toEqual(Array.from({ length: changed }, (_, n) => changed + 1 + n));
    expect(Math.max(...pages.map(({ length }) => length))).toBeLessThan(changed / 10);
    expect(plans).toHaveLength(1);
    const passes = [...(plans[0] ?? '').matchAll(/rows=(\d+) loops=(\d+)\)/g)];
    expect(passes.length).toBeGreaterThan(3);
    const most = Math.max(...passes.map(([, rows, loops]) => Number(rows) * Number(loops)));
    expect(most).toBeLessThanOrEqual(4 * changed);
  });

  test('are read again as they were, though they and their findings were written meanwhile', async () => {
    const database = get();
    const [first, again] = await database.transact(async (tx) => {
      const pending = sql`
        select id from keysweep.finding_event where sweep_id = 1 or finding_id <= 10
      `;
      return withEvents(tx, pending, async (all) => {
        const told = async () => {
          const events: PendingEvent[] = [];
          for await (const page of all()) events.push(...page);
          return events;
        };
        const before = await told();
        await sql`update keysweep.finding set opened_to = '{siem}'`.execute(tx);
        await sql`update keysweep.tracked_key set key_id = key_id || '_new'`.execute(tx);
        return [before, await told()];
      });
    });
    expect(first).toHaveLength(changed + 10);
    expect(first?.filter(({ single }) => !single)).toHaveLength(20);
    expect(again).toEqual(first);
  });
});
