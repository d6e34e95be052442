import { expect } from 'vitest';
import type { Entry } from './journal.ts';
import type { World } from './world.ts';
import { type Query, withRecords } from './world-records.ts';

interface SweepLine {
  readonly scope: string;
  readonly status: string | null;
  readonly tracked: number;
  readonly counted: number;
  readonly rows: number;
  readonly judged: number;
  readonly leaves: number;
  /** Each key with its verdict. */
  readonly verdicts: string;
}

interface FindingLine {
  readonly key: string;
  readonly rule: string;
  readonly state: string;
  readonly resolution: string | null;
  /** What happened to it, in order. */
  readonly events: string;
}

interface AlertLine {
  readonly id: string;
  readonly channel: string;
  readonly state: string;
  readonly body: string;
}

/** What a world has on record when its work is over. */
export interface Ledger {
  readonly sweeps: readonly SweepLine[];
  readonly findings: readonly FindingLine[];
  readonly alerts: readonly AlertLine[];
  /** Events that a channel was alerted of never, or more than once. */
  readonly mistold: readonly object[];
}

/** Reads it once no process holds the store. */
export function readLedger(world: World): Promise<Ledger> {
  return withRecords(world, async (query) => ({
    sweeps: await readSweeps(query),
    findings: await readFindings(query),
    alerts: await query<AlertLine>(
      'select id::text as id, channel, state, body from keysweep.alert order by place',
    ),
    mistold: await query(`
      select e.id, c.channel, count(a.id)::integer as alerts
      from keysweep.finding_event e
      cross join (values ('siem'), ('slack'), ('teams'), ('mail')) as c (channel)
      left join keysweep.alert_event l on l.event_id = e.id
      left join keysweep.alert a on a.id = l.alert_id and a.channel = c.channel
      group by e.id, c.channel having count(a.id) <> 1
    `),
  }));
}

/** By scope: a night's scheduled and requested sweeps may open in either order. */
function readSweeps(query: Query): Promise<readonly SweepLine[]> {
  return query<SweepLine>(`
    select s.scope, s.status, s.tracked, s.pass + s.fail + s.waived + s.unknown as counted,
      count(k.key_id)::integer as rows, count(k.verdict)::integer as judged,
      (select count(*)::integer from keysweep.log_leaf l where l.body::jsonb -> 'predicate' ->> 'event' = 'sweep-closed' and l.body::jsonb -> 'predicate' ->> 'sweep' = s.uuid::text) as leaves,
      md5(string_agg(t.key_id || ' ' || k.verdict, ',' order by t.key_id)) as verdicts
    from keysweep.sweep s
    join keysweep.sweep_key k on k.sweep_id = s.id
    join keysweep.tracked_key t on t.id = k.key_id
    group by s.id order by s.scope, s.id
  `);
}

function readFindings(query: Query): Promise<readonly FindingLine[]> {
  return query<FindingLine>(`
    select t.key_id as key, f.rule, f.state, f.resolution,
      (select string_agg(e.kind, ' ' order by e.id) from keysweep.finding_event e
       where e.finding_id = f.id) as events
    from keysweep.finding f join keysweep.tracked_key t on t.id = f.key_id
    order by t.key_id, f.rule
  `);
}

/** Each sweep is closed and told to the log once, and has one verdict for each of its keys. */
export function expectWholeSweeps({ sweeps }: Ledger): void {
  for (const sweep of sweeps) {
    const { tracked } = sweep;
    const whole = { status: 'complete', counted: tracked, rows: tracked, judged: tracked };
    expect(sweep).toMatchObject({ ...whole, leaves: 1 });
  }
}

/** The same verdicts in the same nights, and the same findings with the same past. */
export function expectSame(disturbed: Ledger, undisturbed: Ledger): void {
  expect(disturbed.sweeps).toEqual(undisturbed.sweeps);
  expect(disturbed.findings).toEqual(undisturbed.findings);
}

const isHeartbeat = ({ channel }: AlertLine) => channel.startsWith('heartbeat');

/**
 * Every event was alerted of once in each channel, each alert arrived, and a channel without ids got
 * at most one message twice for each death of a process.
 */
export function expectTold(ledger: Ledger, all: readonly Entry[], deaths: number): void {
  expect(ledger.mistold).toEqual([]);
  const messages = ledger.alerts.filter((alert) => !isHeartbeat(alert));
  expect(messages.filter(({ state }) => state !== 'delivered')).toEqual([]);
  const beats = ledger.alerts.filter(isHeartbeat).map(({ state }) => state);
  expect(beats.filter((state) => state !== 'delivered' && state !== 'superseded')).toEqual([]);
  for (const channel of new Set(messages.map((message) => message.channel))) {
    const planned = messages.filter((message) => message.channel === channel);
    const entries = all.filter((entry) => entry.channel === channel);
    const hasIds = channel === 'siem' || channel === 'mail';
    const said = new Set(entries.map(({ id, body }) => (hasIds ? id : body)));
    expect(said, channel).toEqual(new Set(planned.map(({ id, body }) => (hasIds ? id : body))));
    if (channel === 'siem') expect(countBodies(entries), channel).toBe(said.size);
    else expect(entries.length - planned.length, channel).toBeLessThanOrEqual(deaths);
  }
}

/** The same id says the same, byte by byte, at every attempt. */
function countBodies(entries: readonly Entry[]): number {
  return new Set(entries.map(({ id, body }) => `${id} ${body}`)).size;
}
