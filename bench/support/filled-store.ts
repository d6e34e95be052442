import { type RawBuilder, sql } from 'kysely';
import type { Config } from '../../src/config/config.ts';
import { keepKeys } from '../../src/inventory/keep-keys.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';
import type { Database } from '../../src/record/store/database.ts';
import { allowLongStatements } from '../../src/record/store/postgres/statement-limits.ts';

const source = 'flexcharge-sandbox';
const owners = 40;
const environments = ['production', 'staging', 'test'];

export interface Filling {
  readonly keys: number;
  readonly nights: number;
}

/** The keys that `fillStore` tracks. */
export function filledInventory(keys: number): readonly TrackedKey[] {
  return Array.from({ length: keys }, (_, n) => ({
    ...{ source, keyId: `key_${n + 1}`, owner: `owner-${(n + 1) % owners}` },
    environment: environments[(n + 1) % environments.length] ?? null,
    approvedScopes: ['customers:read', 'charges:read'],
    tags: [`team-${(n + 1) % owners}`],
  }));
}

/**
 * Writes a fleet with a past by SQL, as sweeps would leave it: each key has an owner, a name and an
 * observation; one in seven has an open finding, one in fourteen a resolved one too. Every night has
 * all keys, hundreds of changes and thirty alerts. There are 20,000 audit records.
 */
export async function fillStore(database: Database, config: Config, filling: Filling) {
  const { db, kind } = database;
  const { policy } = config;
  const [keys, nights] = [sql.lit(filling.keys), sql.lit(filling.nights)];
  const run = (statement: RawBuilder<unknown>) => statement.execute(db);
  await allowLongStatements(async () => {
    await run(sql`insert into keysweep.policy (hash, version, text)
      values (${policy.hash}, ${policy.policy.version}, ${policy.text})`);
    await run(sql`insert into keysweep.inventory (hash)
      values (${keepKeys(filledInventory(filling.keys)).hash})`);
    await run(fleet(keys));
    await run(sweeps(keys, nights));
    for (let night = 1; night <= filling.nights; night += 1) {
      await run(oneNight(sql.lit(night)));
    }
    await run(changes(keys, nights));
    await run(around());
    await run(kind === 'postgres' ? sql`vacuum analyze` : sql`analyze`);
  });
}

const fleet = (keys: RawBuilder<unknown>) => sql`
  insert into keysweep.inventory_entry (hash, owner, environment, approved_scopes, tags)
    select int4send(n), 'owner-' || n % ${sql.lit(owners)},
      (array['production', 'staging', 'test'])[1 + n % 3], '{customers:read,charges:read}',
      array['team-' || n % ${sql.lit(owners)}]
    from generate_series(0, 119) n;
  insert into keysweep.observation (hash, content)
    select int4send(k), jsonb_build_object('name', 'Service ' || k % 997 || ' worker ' || k,
      'type', case when k % 11 = 3 then 'public' else 'secret' end,
      'scopes', case when k % 50 = 1 then '["charges:read", "charges:write"]'::jsonb
        else '["charges:read", "customers:read"]'::jsonb end,
      'createdOn', '2026-01-02T03:04:05.000Z', 'lastFour', lpad(to_hex(k % 65536), 4, '0'))
    from generate_series(1, ${keys}) k;
  insert into keysweep.tracked_key (source, key_id, entry_id, observed_at, last_used, observation_id,
      observed_entry_id, known_at, first_scopes, seen_at, seen_last_used, seen_created_on,
      seen_type, seen_last_four, seen_name, verdict, verdict_at, tracked_at)
    select ${sql.lit(source)}, 'key_' || k, 1 + k % 120, now(), now() - k % 30 * interval '1 day', k,
      1 + k % 120, now(), '{charges:read}', now(), now() - k % 30 * interval '1 day',
      '2026-01-02T03:04:05Z', o.content->>'type', o.content->>'lastFour', o.content->>'name',
      case when k % 7 = 0 then 2 else 1 end, now(), now() - interval '100 days'
    from generate_series(1, ${keys}) k join keysweep.observation o on o.id = k order by k;
`;

const sweeps = (keys: RawBuilder<unknown>, nights: RawBuilder<unknown>) => sql`
  insert into keysweep.schedule (id, cron, timezone, decided_until)
    values ('nightly', '30 2 * * *', 'America/New_York', now());
  insert into keysweep.sweep (trigger, schedule, due_at, scope, policy_id, opened_at, deadline_at,
      closed_at, status, open_batches, tracked, pass, fail)
    select 'schedule', 'nightly', at, 'full', 1, at, at + interval '8 hours',
      at + interval '1 hour', 'complete', 0, ${keys}, ${keys} - ${keys} / 7, ${keys} / 7
    from generate_series(${nights} - 1, 0, -1) night,
      lateral (select now() - interval '2 hours' - night * interval '1 day' as at) due;
  insert into keysweep.tick (schedule, due_at, outcome, trigger, sweep_id)
    select 'nightly', due_at, 'opened', 'schedule', id from keysweep.sweep;
  update keysweep.sweep set closing = id;
  insert into keysweep.key_list (hash, first_key, last_key, key_ids, entry_ids)
    select int4send(k.b), min(k.id), max(k.id), array_agg(k.id order by k.id),
      array_agg(k.entry_id order by k.id)
    from (select (id - 1) / 200 as b, id, entry_id from keysweep.tracked_key) k group by k.b
    order by k.b;
  insert into keysweep.sweep_batch (sweep_id, batch, source, first_key, list_id, pending, done_at)
    select s.id, l.id - 1, ${sql.lit(source)}, l.first_key, l.id, 0, s.closed_at
    from keysweep.sweep s, keysweep.key_list l order by s.id, l.id;
  insert into keysweep.fleet_group (source, owner, environment, verdict, keys)
    select k.source, e.owner, e.environment, k.verdict, count(*)
    from keysweep.tracked_key k join keysweep.inventory_entry e on e.id = k.entry_id
    group by 1, 2, 3, 4;
`;

/** As a batch writes it: one statement is one night. */
const oneNight = (night: RawBuilder<unknown>) => sql`
  insert into keysweep.pack (sweep_id, batch, hash, pass, fail, waived, unknown, partial,
      observed_from, verdicts, observation_ids, observed_ms, last_used, judgements)
    select s.id, l.id - 1, int4send(l.id), count(*) filter (where k % 7 <> 0),
      count(*) filter (where k % 7 = 0), 0, 0, 0, s.closed_at - interval '1 minute',
      array_agg((case when k % 7 = 0 then 2 else 1 end)::smallint order by k), array_agg(k order by k),
      array_agg((k % 200 * 250)::bigint order by k),
      array_agg(s.closed_at - k % 30 * interval '1 day' order by k),
      array_agg(case when k % 7 = 0 then
        '{"v":[["stale-45",{"idleDays":61,"allowedDays":45},null]]}'::jsonb end order by k)
    from keysweep.sweep s, keysweep.key_list l cross join lateral unnest(l.key_ids) as k
    where s.id = ${night} group by s.id, l.id;
`;

const changes = (keys: RawBuilder<unknown>, nights: RawBuilder<unknown>) => sql`
  insert into keysweep.finding (key_id, rule, fingerprint, type, severity, state, facts, controls,
      policy_id, first_seen_at, last_seen_at, resolved_at, resolution, source, key_text)
    select k, r.rule, 'f' || r.rule || k, r.type, r.severity, r.state,
      '{"idleDays": 61, "allowedDays": 45}', '{CIS AWS 4.0 1.12}', 1, s.opened_at, now(),
      case when r.state = 'resolved' then now() end,
      case when r.state = 'resolved' then 'fixed' end, ${sql.lit(source)}, 'key_' || k
    from generate_series(7, ${keys}, 7) k
    join (values ('stale-45', 'stale', 'high', 'open'), ('owner', 'unowned', 'low', 'resolved'))
      as r (rule, type, severity, state) on r.state = 'open' or k % 14 = 0
    join keysweep.sweep s on s.id = 1 + k / 7 % ${nights};
  insert into keysweep.finding_event (finding_id, sweep_id, kind, at, facts, planned_at, was)
    select f.id, s.id, 'opened', s.opened_at, f.facts, s.closed_at, null
    from keysweep.finding f join keysweep.sweep s on s.opened_at = f.first_seen_at;
  insert into keysweep.finding_event (finding_id, sweep_id, kind, at, facts, planned_at, was,
      resolution)
    select f.id, 1 + f.id % ${nights}, 'resolved', now(), f.facts, now(), 'open', 'fixed'
    from keysweep.finding f where f.state = 'resolved';
  insert into keysweep.alert (sweep_id, channel, type, part, parts, body, state, ended_at)
    select s.id, 'console', 'findings.changed', 1, 1, 'x', 'delivered', now()
    from keysweep.sweep s, generate_series(1, 30) a;
  insert into keysweep.alert_event (alert_id, event_id, finding_id)
    select a.id, v.id, v.finding_id from keysweep.alert a
    join keysweep.finding_event v on v.sweep_id = a.sweep_id and v.id % 30 = a.place % 30;
`;

const around = () => sql`
  insert into keysweep.audit_record (at, who, role, what, input, origin, outcome, ended_at)
    select now() - n * interval '5 minutes', 'ops-' || n % 7, 'operator',
      (array['sweep', 'audit', 'release'])[1 + n % 3], '{"reason": "asked for on a page"}',
      '192.0.2.7', 'done', now()
    from generate_series(20000, 1, -1) n;
  insert into keysweep.request (id, scope, requested_by, sweep_id)
    select '00000000-0000-4000-8000-000000000001', 'full', 'ops', max(id) from keysweep.sweep;
`;
