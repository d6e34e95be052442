import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { judgeHere } from '../../src/backtest/judging/judge-here.ts';
import { openBacktest } from '../../src/backtest/open-backtest.ts';
import type { Config } from '../../src/config/config.ts';
import { seedPast } from '../../src/demo/seed-past.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import { closeSweep } from '../../src/record/closing/close-sweep.ts';
import { readSweepsPage } from '../../src/record/reads/lists/read-sweeps-page.ts';
import { readReport } from '../../src/record/reads/read-report.ts';
import type { Database } from '../../src/record/store/database.ts';
import { recordBatch } from '../../src/record/sweeps/record-batch.ts';
import { renderJson } from '../../src/report/json.ts';
import type { ListedSweep } from '../../src/report/model.ts';
import { createFleet } from '../../src/sandbox/fleet.ts';
import { sampleFleet } from '../../src/sandbox/sample-fleet.ts';
import { describeStores } from '../record/stores.ts';
import { alerting, all, claim, one, open } from '../record/world.ts';
import { gather } from '../report/world.ts';
import { dayMs, sampleConfig, sampleLives } from './past.ts';

const now = new Date();

async function seed(database: Database, config: Config): Promise<number> {
  const before = process.cpuUsage();
  await seedPast(database, { config, fleet: createFleet(sampleFleet, now), now });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function list(database: Database): Promise<readonly ListedSweep[]> {
  return (await readSweepsPage(database, {}, { limit: 1_000 })).items;
}

async function jsonOf(database: Database, id?: string) {
  const report = await readReport(database, id);
  if (report === undefined) throw new Error('there is no such sweep');
  return JSON.parse(await gather(renderJson(report)));
}

/** A sweep as a worker does it, with what the sandbox says now. */
async function sweepNow(database: Database, config: Config): Promise<string> {
  const { inventory: keys, policy } = config;
  const inventory = { keys, hash: keys.hash, files: ['keys.csv'] };
  const using = {
    inventory,
    policy,
    approvals: undefined,
    store: 'the store',
    replacesInventory: false,
  };
  const { sweepId, batches } = await open(database, using);
  const lives = await sampleLives(now);
  for (const { batch } of batches) {
    const claimed = await claim(database, { sweepId }, batch);
    const judged = claimed.keys.map((pending) => {
      const { key, history } = pending;
      const observation = lives.get(key.keyId)?.observe(new Date());
      if (observation === undefined) throw new Error('an unknown key');
      const terms = { policy: compilePolicy(claimed.policy), asOf: claimed.asOf, usageLagMs: 0 };
      return { pending, observation, judgement: evaluate({ observation, key, history, ...terms }) };
    });
    const outcome = { judged, unanswered: [], sourceRefused: false, retryInMs: 1_000 };
    await recordBatch(database, claimed, outcome);
  }
  await closeSweep(database, sweepId, alerting);
  return sweepId;
}

interface EventRow {
  readonly finding: number;
  readonly kind: string;
  readonly was: string | null;
  readonly at: Date;
  readonly sweep_id: number;
}

const stateAfter: Readonly<Record<string, string>> = {
  ...{ opened: 'open', reopened: 'open', lapsed: 'open', waived: 'waived', resolved: 'resolved' },
};

describeStores('the past of the demo', (get, kind) => {
  let config: Config;
  let costMs: number;
  beforeAll(async () => {
    config = await sampleConfig();
    costMs = await seed(get(), config);
  });

  test.runIf(kind === 'embedded')('takes less than five seconds of the processor', () => {
    expect(costMs).toBeLessThan(5_000);
  });

  test('has 59 closed sweeps and a missed tick, each marked as simulated', async () => {
    const sweeps = await list(get());
    expect(sweeps).toHaveLength(59);
    for (const { simulated, closedAt, schedule } of sweeps) {
      expect([simulated, closedAt !== null, schedule]).toEqual([true, true, 'nightly']);
    }
    const ticks = await all<{ outcome: string; simulated: boolean; ticks: number }>(
      get(),
      `select outcome, simulated, count(*)::integer as ticks from keysweep.tick group by 1, 2
       order by 1`,
    );
    expect(ticks).toEqual([
      { outcome: 'missed', simulated: true, ticks: 1 },
      { outcome: 'opened', simulated: true, ticks: 59 },
    ]);
  });

  test('counts every key once, and is incomplete where keys are unknown', async () => {
    const sweeps = (await list(get())).toReversed();
    for (const { tracked, verdicts, status } of sweeps) {
      const { pass = 0, fail = 0, waived = 0, unknown = 0 } = verdicts ?? {};
      expect(pass + fail + waived + unknown).toBe(tracked);
      expect(status).toBe(unknown === 0 ? 'complete' : 'incomplete');
    }
    const unknown = sweeps.map(({ verdicts }) => verdicts?.unknown ?? 0);
    // The night that is cut, and the keys that fail lately.
    expect(unknown.slice(0, 37).every((count) => count === 0)).toBe(true);
    expect(unknown[37]).toBeGreaterThan(10);
    expect(unknown.slice(38, 53).every((count) => count === 0)).toBe(true);
    expect(unknown.at(-1)).toBe(3);
    expect(sweeps.at(-1)?.verdicts).toMatchObject({ waived: 1, unknown: 3 });
    expect(sweeps.at(-1)?.tracked).toBeGreaterThan((sweeps[0]?.tracked ?? 0) + 30);
  });

  test('has the events of each finding in order, each after the state that the last left', async () => {
    const events = await all<EventRow>(
      get(),
      `select finding_id as finding, kind, was, at, sweep_id from keysweep.finding_event
       where kind <> 'reminder' order by id`,
    );
    const states = new Map<number, string>();
    let before = new Date(0);
    for (const { finding, kind: what, was, at } of events) {
      expect(was).toBe(states.get(finding) ?? null);
      expect(at.getTime()).toBeGreaterThanOrEqual(before.getTime());
      states.set(finding, stateAfter[what] ?? '');
      before = at;
    }
    const kept = await all<{ id: number; state: string }>(
      get(),
      'select id, state from keysweep.finding',
    );
    expect(new Map(kept.map(({ id, state }) => [id, state]))).toEqual(states);
    const kinds = new Set(events.map(({ kind: what }) => what));
    expect([...kinds].sort()).toEqual(['opened', 'reopened', 'resolved', 'waived']);
  });

  test('ends findings in every way that the fleet shows, and leaves none unmarked', async () => {
    const ends = await all<{ resolution: string }>(
      get(),
      `select distinct resolution from keysweep.finding where resolution is not null order by 1`,
    );
    const ways = ends.map(({ resolution }) => resolution);
    expect(ways).toEqual(['acknowledged', 'fixed', 'missing', 'overdue']);
    const unmarked = await one<{ count: number }>(
      get(),
      'select count(*)::integer from keysweep.finding where not first_seen_simulated',
    );
    expect(unmarked.count).toBe(0);
  });

  test('has nothing to alert about', async () => {
    const left = await one<{ pending: number; alerts: number }>(
      get(),
      `select (select count(*)::integer from keysweep.finding_event where planned_at is null)
         as pending, (select count(*)::integer from keysweep.alert) as alerts`,
    );
    expect(left).toEqual({ pending: 0, alerts: 0 });
  });

  test('is one leaf of the evidence log, which says that it is simulated', async () => {
    const leaves = await all<{ event: string; sweeps: number | null }>(
      get(),
      `select p ->> 'event' as event, (p ->> 'sweeps')::integer as sweeps
       from keysweep.log_leaf, lateral (select body::jsonb -> 'predicate' as p) s order by n`,
    );
    expect(leaves).toEqual([
      { event: 'log-created', sweeps: null },
      { event: 'simulated', sweeps: 59 },
    ]);
    const placed = 'select count(closing)::integer as n from keysweep.sweep';
    expect(await one(get(), placed)).toEqual({ n: 59 });
  });

  test('can be reported night by night, as simulated', async () => {
    const sweeps = (await list(get())).toReversed();
    const report = await jsonOf(get(), sweeps[20]?.id);
    expect(report.sweep.simulated).toBe(true);
    expect(report.keys).toHaveLength(sweeps[20]?.tracked ?? 0);
    expect(report.violations.length).toBeGreaterThan(5);
    for (const { firstSeen, firstSeenSimulated } of report.violations) {
      expect([firstSeen <= report.sweep.openedAt, firstSeenSimulated]).toEqual([true, true]);
    }
  });

  test('is what a back-test of all nights by the same policy finds too', async () => {
    const sweeps = { kind: 'since', ms: 70 * dayMs } as const;
    const source = await openBacktest(
      get(),
      { policy: config.policy.text, approvals: null, sweeps },
      () => 0,
      judgeHere,
    );
    if (source === undefined) throw new Error('there are no nights');
    const counting = source.count();
    for (;;) {
      const { done, value } = await counting.next();
      if (done !== true) continue;
      expect(value.sweeps).toHaveLength(59);
      expect(value.sweeps.every(({ sweep }) => sweep.simulated === true)).toBe(true);
      expect(value.changes).toEqual({ opens: 0, resolves: 0, waived: 0, unknown: 0 });
      return;
    }
  });

  describe('with a genuine sweep after it', () => {
    let id: string;
    beforeAll(async () => {
      id = await sweepNow(get(), config);
    });

    test('leaves that sweep unmarked', async () => {
      const [newest, ...others] = await list(get());
      expect(newest?.id).toBe(id);
      expect(newest).not.toHaveProperty('simulated');
      expect(others.every(({ simulated }) => simulated === true)).toBe(true);
      expect((await jsonOf(get())).sweep).not.toHaveProperty('simulated');
    });

    test('finds what a first sweep without a past finds', async () => {
      const { coverage, verdicts, violations } = await jsonOf(get(), id);
      expect(coverage).toMatchObject({ tracked: 58, audited: 55, unknown: 3 });
      expect(verdicts).toEqual({ pass: 28, fail: 26, waived: 1, unknown: 3 });
      const rules = new Set(violations.map(({ rule }: { rule: string }) => rule));
      expect(rules.has('woke-up')).toBe(false);
      expect(rules.has('impossible')).toBe(false);
      expect(rules.has('silent')).toBe(false);
    });

    test('keeps the findings of the past open, with the night that saw them first', async () => {
      const { violations, sweep } = await jsonOf(get(), id);
      const old = violations.filter((v: { firstSeenSimulated?: true }) => v.firstSeenSimulated);
      expect(old.length).toBeGreaterThan(30);
      for (const { firstSeen } of old) expect(firstSeen < sweep.openedAt).toBe(true);
      for (const { firstSeen, firstSeenSimulated } of violations) {
        expect(firstSeenSimulated === undefined).toBe(firstSeen === sweep.openedAt);
      }
    });

    test('alerts about what that sweep changed only', async () => {
      const { rows } = await sql<{ simulated: boolean }>`
        select distinct s.simulated from keysweep.alert_event a
        join keysweep.finding_event e on e.id = a.event_id
        join keysweep.sweep s on s.id = e.sweep_id
      `.execute(get().db);
      expect(rows.filter(({ simulated }) => simulated)).toEqual([]);
    });
  });
});
