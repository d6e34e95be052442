/** @module-tag all */
import { afterEach, expect, inject, test } from 'vitest';
import type { Attempt } from '../../../../src/alert/deliver.ts';
import { acknowledgeFinding } from '../../../../src/record/findings/acknowledge-finding.ts';
import { renewAlerts } from '../../../../src/record/outbox/hold-alerts.ts';
import { claimAlerts } from '../../../../src/record/outbox/outbox.ts';
import { recordAttempt } from '../../../../src/record/outbox/record-attempt.ts';
import { requeueAlerts } from '../../../../src/record/outbox/retry-alert.ts';
import { type Database, openPostgresDatabase } from '../../../../src/record/store/database.ts';
import { migrate } from '../../../../src/record/store/migrate.ts';
import { probeWrite } from '../../../../src/record/store/probe-write.ts';
import { claimBatch, renewLease } from '../../../../src/record/sweeps/claim-batch.ts';
import { openRequestedSweep, openTickSweep } from '../../../../src/record/sweeps/open-sweep.ts';
import { pullBackTimes } from '../../../../src/record/sweeps/pull-back-times.ts';
import { writeRequest } from '../../../../src/record/sweeps/requests.ts';
import { decideTicks, noteSchedules } from '../../../../src/record/sweeps/ticks.ts';
import { aDestination } from '../../../alert/an-alerting.ts';
import { freshDatabase } from '../../../support/postgres.ts';
import { openPostgresStore } from '../../stores.ts';
import { alerting, all, close, inputs, one, recordJudged, run, someKeys } from '../../world.ts';

type Store = Awaited<ReturnType<typeof openPostgresStore>>;
const open: Store[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});
async function aStore(): Promise<Database> {
  const store = await openPostgresStore();
  open.push(store);
  return store.database;
}

const day = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * day);
const using = inputs(
  someKeys(3),
  `
  - { id: odd, type: impossible-metadata, severity: high }
  - { id: stale, type: stale, after: 45d, severity: high }
`,
);
const createdOn = new Date('2020-01-01T00:00:00Z');
const unused = { createdOn, lastUsed: ago(90) };
const said = (lastFour: string) => ({ key_0: { details: { ...unused, lastFour } } });

/**
 * After `begin`, the first write ends with a serialization failure, and the second try meets a
 * deadlock as it commits. Sequences keep their value when a transaction is undone.
 */
async function addConflicts(database: Database) {
  await run(
    database,
    `create sequence public.met start 3;
     create function public.conflict() returns trigger language plpgsql as $$
     declare met bigint := (select last_value from public.met);
     begin
       if tg_level = 'STATEMENT' and met = 1 then
         perform setval('public.met', 2);
         raise exception using errcode = '40001';
       elsif tg_level = 'ROW' and met = 2 then
         perform setval('public.met', 3);
         raise exception using errcode = '40P01';
       end if;
       return null;
     end $$;`,
  );
  const tables = await all<{ name: string }>(
    database,
    `select tablename as name from pg_tables
     where schemaname = 'keysweep' and tablename <> 'migration'`,
  );
  for (const { name } of tables) {
    await run(
      database,
      `create trigger met_by_statement after insert or update or delete on keysweep.${name}
         execute function public.conflict();
       create constraint trigger met_by_commit after insert or update or delete
         on keysweep.${name} deferrable initially deferred
         for each row execute function public.conflict();`,
    );
  }
  return {
    begin: () => run(database, `select setval('public.met', 1)`),
    met: async () =>
      (
        await one<{ met: number }>(
          database,
          'select last_value::integer - 1 as met from public.met',
        )
      ).met,
  };
}

const tick = { schedule: 'nightly', cron: '* * * * *', timezone: 'UTC' };
const destinations = aDestination(['siem', 'log']);
const pace = { inFlight: 20, spacingMs: 0, leaseMs: 30_000 };

const taken: Attempt = {
  delivery: { kind: 'delivered' },
  plan: { kind: 'done' },
  onFailure: [],
};
const refused: Attempt = {
  delivery: { kind: 'permanent', detail: 'answered 410' },
  plan: { kind: 'give-up' },
  onFailure: [],
};

type Step = <T>(kind: string, work: () => Promise<T>) => Promise<T>;

/** Each kind of transaction that the program has; how many rows they have left in each table. */
async function story(database: Database, step: Step) {
  const audit = async (sweepId: string, lastFour: string) => {
    const batch = await step('claim a batch', () => claimBatch(database, sweepId, 0, 30_000));
    if (batch === undefined) throw new Error('there was nothing to claim');
    await step('renew its lease', () => renewLease(database, batch, 30_000));
    await step('record it', () => recordJudged(database, batch, said(lastFour)));
    return step('close a sweep', () => close(database, sweepId));
  };
  const ask = { keys: undefined, reason: null, requestedBy: null };
  const id = await step('write a request', () => writeRequest(database, ask, null));
  const asked = await step('open its sweep', () => openRequestedSweep(database, id, day, using));
  await audit(asked?.sweepId ?? '', 'aaaa');

  const schedules = [{ ...tick, id: tick.schedule }];
  await step('note schedules', () => noteSchedules(database, schedules));
  const dueAt = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000);
  const order = { schedule: tick.schedule, dueAt, trigger: 'schedule' as const };
  await step('decide on ticks', () =>
    decideTicks(database, tick.schedule, alerting, () => ({
      run: order,
      overtaken: [],
      missed: undefined,
    })),
  );
  const night = await step('open the sweep of a tick', () =>
    openTickSweep(database, { ...order, overlap: 'skip', deadlineMs: day }, using),
  );
  if (night === undefined || night === 'skipped') throw new Error(`the tick: ${night}`);
  await audit(night.sweepId, 'bbbb');

  const { alerts } = await step('claim alerts', () => claimAlerts(database, 'siem', pace));
  expect(alerts.length).toBeGreaterThan(0);
  await step('renew their leases', () => renewAlerts(database, alerts, 30_000));
  for (const [at, alert] of alerts.entries()) {
    await step('record an attempt', () =>
      recordAttempt(database, alert, at === 0 ? refused : taken, destinations),
    );
  }
  const ids = alerts.slice(0, 1).map((alert) => alert.id);
  await step('retry an alert', () => requeueAlerts(database, { kind: 'these', ids }, destinations));
  const event = await one<{ fingerprint: string }>(
    database,
    `select fingerprint from keysweep.finding where rule = 'odd'`,
  );
  await step('acknowledge a finding', () =>
    acknowledgeFinding(
      database,
      { ...event, by: 'ann', known: 'asserted', reason: 'known' },
      alerting,
    ),
  );
  await step('pull back times', () => pullBackTimes(database));
  await step('write the canary', () => probeWrite(database));
  return countRows(database);
}

async function countRows(database: Database): Promise<readonly unknown[]> {
  const counts = `select tablename as name, (xpath('/row/n/text()', query_to_xml(
      format('select count(*) as n from keysweep.%I', tablename), false, true, '')))[1]::text as rows
    from pg_tables where schemaname = 'keysweep' order by 1`;
  return all(database, counts);
}

test.skipIf(inject('databaseUrl') === undefined)(
  'a conflict with another session, at a statement or at COMMIT, loses and doubles nothing',
  async () => {
    const expected = await story(await aStore(), (_kind, work) => work());
    const disturbed = await aStore();
    const { begin, met } = await addConflicts(disturbed);
    const seen = await story(disturbed, async (kind, work) => {
      await begin();
      const result = await work();
      expect(await met(), kind).toBeGreaterThan(0);
      return result;
    });
    expect(seen).toEqual(expected);
  },
);

test.skipIf(inject('databaseUrl') === undefined)(
  'processes migrate a serializable database at once',
  async () => {
    const empty = await freshDatabase(inject('databaseUrl') ?? '');
    const setting = 'default_transaction_isolation = serializable';
    const events = { connectionLost: () => undefined };
    const first = openPostgresDatabase(empty.url, events);
    await run(first, `alter database ${empty.name} set ${setting}`);
    await first.close();
    const several = [1, 2, 3].map(() => openPostgresDatabase(empty.url, events));
    try {
      const applied = await Promise.all(several.map((database) => migrate(database, true)));
      expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    } finally {
      for (const database of several) await database.close();
      await empty.drop();
    }
  },
);
