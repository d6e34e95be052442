/** @module-tag long */
import { expect, test } from 'vitest';
import { closeSweep } from '../../../src/record/closing/close-sweep.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { describePostgres } from '../stores.ts';
import { one, run } from '../world.ts';

const findings = 20_000;
const megabyte = 2 ** 20;

describePostgres('a closing with many changed findings', (get) => {
  test('holds a fraction of them in memory, and writes all messages', async () => {
    await run(
      get(),
      `insert into keysweep.policy (hash, version, text) values ('h', '1', 'x');
       insert into keysweep.inventory_entry (hash, tags) values ('x', '{}');
       insert into keysweep.observation (hash, content)
         select int4send(n), jsonb_build_object('name', 'Service ' || n, 'scopes', '["charges:read"]'::jsonb)
         from generate_series(1, ${findings}) n;
       insert into keysweep.tracked_key (source, key_id, entry_id, observation_id)
         select 'prod', 'key_' || n, 1, n from generate_series(1, ${findings}) n;
       insert into keysweep.sweep (trigger, scope, policy_id, opened_at, deadline_at, open_batches, tracked)
         values ('request', 'full', 1, now(), now() + interval '1 day', 0, ${findings});
       insert into keysweep.finding (key_id, rule, fingerprint, type, severity, state, facts,
           controls, policy_id, first_seen_at, last_seen_at, source, key_text)
         select id, 'stale', encode(sha256(int4send(id)), 'hex'), 'stale', 'high', 'open',
           jsonb_build_object('idleDays', id, 'allowedDays', 45), '{}', 1, now(), now(), 'prod', key_id
         from keysweep.tracked_key;
       insert into keysweep.finding_event (finding_id, sweep_id, kind, facts)
         select id, 1, 'opened', facts from keysweep.finding;
       analyze`,
    );
    const { uuid } = await one<{ uuid: string }>(get(), 'select uuid from keysweep.sweep');
    const live = watchLive();
    const closed = await closeSweep(get(), uuid, anAlerting(['siem', 'mail']));
    expect(closed?.alerts).toHaveLength((2 * findings) / 100);
    expect(live.mostGrown() / megabyte).toBeLessThan(16);
  });
});

/** Collects garbage now and then, and remembers how far what is left has grown. */
function watchLive(): { mostGrown(): number } {
  const used = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, used());
  }, 200);
  return {
    mostGrown() {
      clearInterval(timer);
      return most - before;
    },
  };
}
