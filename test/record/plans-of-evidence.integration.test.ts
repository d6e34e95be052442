/** @module-tag long */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { fillLog } from '../../bench/support/fill-log.ts';
import { filledInventory, fillStore } from '../../bench/support/filled-store.ts';
import { signLog } from '../../src/app/evidence/sign-log.ts';
import { judgeHere } from '../../src/backtest/judging/judge-here.ts';
import { openBacktest } from '../../src/backtest/open-backtest.ts';
import type { WantedSweeps } from '../../src/backtest/read-sweeps.ts';
import type { CheckedRecords } from '../../src/evidence/differences/check-result.ts';
import { signingKeyOf } from '../../src/evidence/log/signing-key.ts';
import { encodeVerifierKey } from '../../src/evidence/log/verifier-key.ts';
import { keepKeys } from '../../src/inventory/keep-keys.ts';
import { exportPack, readExportedLog } from '../../src/record/exports/export-pack.ts';
import { findKey } from '../../src/record/exports/find-key.ts';
import { readSummary } from '../../src/record/exports/read-summary.ts';
import { appendLeaf } from '../../src/record/log/append-leaf.ts';
import { decideReview } from '../../src/record/reviews/decide.ts';
import { type Database, openPostgresDatabase } from '../../src/record/store/database.ts';
import { anAlerting } from '../alert/an-alerting.ts';
import { maker } from '../evidence/verify/make-pack.ts';
import { shippedConfig } from '../http/pages/a-past.ts';
import { freshDatabase } from '../support/postgres.ts';
import { check } from './checks/check.ts';
import {
  type Allowed,
  type AllowedReread,
  findLargeScans,
  findRepeatedScans,
  findWrongRereads,
  findWrongScans,
  type SettledStore,
  settleStore,
} from './plan-faults.ts';
import { aPerson, aReview, day, listed, start } from './reviews/a-review.ts';
import { explaining, indexed, leastMemory, readPlans } from './watch-plans.ts';
import { claim, close, inputs, open, record, run } from './world.ts';

/** Two parts of whatever is read in parts, and more packs in all nights than in one. */
const [keys, nights] = [2_200, 20];
const inventory = filledInventory(keys);
const quiet = { connectionLost: () => undefined };
const origin = 'keysweep/plans';
const signing = signingKeyOf(origin, 1, Buffer.alloc(32, 1));
const always = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2999-01-01T00:00:00Z') };

/** Re-audits before the nights, and rows of tables that are left empty or nearly so. */
const more = `
  insert into keysweep.sweep (id, trigger, scope, policy_id, opened_at, deadline_at, closed_at,
      status, open_batches, tracked, closing) overriding system value
    select -n, 'request', 'partial', 1, at, at, at, 'complete', 0, 0, -n
    from generate_series(1, 600) n,
      lateral (select now() - interval '90 days' - n * interval '1 hour' as at) past;
  insert into keysweep.tick (schedule, due_at, outcome, trigger)
    select 'nightly', now() - interval '90 days' - n * interval '1 hour', 'missed', 'schedule'
    from generate_series(1, 600) n;
  insert into keysweep.finding (key_id, rule, fingerprint, type, severity, state, facts, controls,
      policy_id, first_seen_at, last_seen_at, resolved_at, resolution, source, key_text)
    select k.id, 'old', 'old' || k.id, 'stale', 'low', 'resolved', '{}', '{}', 1, s.opened_at,
      s.opened_at, s.opened_at, 'fixed', k.source, k.key_id
    from keysweep.tracked_key k, keysweep.sweep s where s.id = 1 and k.id <= 900;
  insert into keysweep.key_list (hash, first_key, last_key, key_ids, entry_ids)
    select int8send(n), n, n, array[n], array[n] from generate_series(1, 200) n;
  insert into keysweep.waived_key (key_id, waiver_hash, digest, sweep_id)
    select id, 'hash', 'digest', 1 + id % ${nights} from keysweep.tracked_key where id <= 1100;
  insert into keysweep.waiver_approval (hash, approver, waiver, person, by_name, known)
    select 'hash' || n, 'ann', 'w', 'ann', 'ann', 'token' from generate_series(1, 300) n;
  insert into keysweep.log_fact (kind, name, value)
    select 'waiver', 'hash' || n, '{}' from generate_series(1, 300) n;
  insert into keysweep.checkpoint (size, note) select n, '' from generate_series(1, 200) n;
  insert into keysweep.log_tile (level, n, root, hashes)
    select 5, n, '', '' from generate_series(1, 200) n;
  update keysweep.inventory set mirrored_at = '2020-01-01'
`;

const hashed = 'hashed or merged: equal columns of lists whose sizes PostgreSQL knows';
const whole = 'all of it is compared, once';
const checking: readonly Allowed[] = [
  { table: 'checkpoint', words: 'order by c.size', why: whole },
  { table: 'log_tile', words: 'as tiles', why: 'what stands behind the log may be anywhere' },
  { table: 'tick', words: 'as "hasSweep"', why: whole },
  { table: 'sweep', words: 'as "hasSweep"', why: 'once for all ticks' },
  { table: 'sweep', words: 'from keysweep.sweep other', why: 'once for all keys that differ' },
  { table: 'tracked_key', words: 'left join listed n', why: whole },
  { table: 'sweep', words: 'where simulated', why: 'a few rows a night, and none is simulated' },
  { table: 'waiver_approval', words: 'order by hash, approver', why: whole },
  { table: 'sweep', words: 'from keysweep.adopted_seal', why: whole },
];

const policy = `version: other
rules:
  - { id: stale-45, type: stale, after: 5d, severity: low }
  - { id: owner, type: unowned, severity: low }
  - { id: drift, type: scope-drift, severity: low }
`;

const summarise = async (database: Database) => {
  const log = await readExportedLog(database.db, origin);
  return readSummary(database.db, { ...always, ...maker }, log);
};

async function exportAll(database: Database, name?: string): Promise<number> {
  const only = name === undefined ? null : await findKey(database.db, name);
  const log = await readExportedLog(database.db, origin);
  const keysOfLog = { verifierKey: encodeVerifierKey(signing.verifier), witnesses: [] };
  // The comparison has tests of its own.
  const compare = async () => ({ differences: [] }) as unknown as CheckedRecords;
  const terms = { ...always, only, origin, maker, ...keysOfLog };
  let files = 0;
  for await (const _file of exportPack(database.db, terms, log, compare)) files += 1;
  return files;
}

async function judgeAgain(database: Database, sweeps: WantedSweeps): Promise<number> {
  const request = { policy, approvals: null, sweeps };
  const source = await openBacktest(database, request, () => 0, judgeHere);
  if (source === undefined) throw new Error('there is no such sweep');
  const counting = source.count();
  while ((await counting.next()).done !== true);
  let changes = 0;
  for await (const _change of source.changes('opens')) changes += 1;
  await source.close();
  return changes;
}

describe.skipIf(inject('databaseUrl') === undefined)('what grows is read once at most', () => {
  let url: string;
  let sizes: SettledStore['sizes'];
  let isPermitted = false;
  const closings: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
    closings.push(fresh.drop);
    ({ url } = fresh);
    const filling = openPostgresDatabase(url, quiet);
    const config = { ...(await shippedConfig()), inventory: keepKeys(inventory) };
    await fillStore(filling, config, { keys, nights });
    await filling.transact(async (tx) => {
      for (let n = 1; n <= 600; n += 1) {
        await appendLeaf(tx, { event: 'retention-set', retentionMs: n });
      }
    });
    await fillLog(filling);
    await review(filling);
    const folder = await mkdtemp(join(tmpdir(), 'keysweep-plans-'));
    closings.push(() => rm(folder, { recursive: true }));
    await signLog(filling, { key: signing, origin, stateFile: join(folder, 'checkpoint') });
    // No signer would go on from these checkpoints.
    for (const statement of more.split(';')) await run(filling, statement);
    await run(filling, 'vacuum analyze');
    ({ sizes, isPermitted } = await settleStore(filling));
    await filling.close();
  }, 300_000);
  afterAll(async () => {
    for (const end of closings.reverse()) await end();
  });
  beforeEach(({ skip }) => skip(!isPermitted, 'only a superuser may ask for plans'));

  async function review(database: Database) {
    const row = await start(database, aReview());
    const decided = (await listed(database, row)).slice(0, 300).map(({ source, keyId }) => ({
      ...{ source, keyId, reason: 'in use' },
      decision: 'keep' as const,
    }));
    const decider = { person: aPerson('ann'), assertMay: () => undefined };
    await decideReview(database, row, decided, decider, anAlerting(['siem']));
  }

  async function plansOf(
    choice: Readonly<Record<string, string>>,
    work: (database: Database) => Promise<unknown>,
  ) {
    const database = openPostgresDatabase(explaining(url, choice), quiet);
    const plans = await readPlans(() => work(database)).finally(() => database.close());
    return { ...plans, scans: findLargeScans(plans.scans, sizes) };
  }

  /** Along indexes, and by the plans that PostgreSQL chooses where it has no memory. */
  async function expectReadOnce(
    work: (database: Database) => Promise<unknown>,
    allowed: readonly Allowed[] = [],
    rereads: readonly AllowedReread[] = [],
  ) {
    const plans = await plansOf(indexed, work);
    const own = await plansOf(leastMemory, work);
    expect({
      scans: findWrongScans(plans.scans, allowed),
      again: findRepeatedScans(plans.scans),
      rereads: findWrongRereads(plans.rereads, rereads),
      chosen: findWrongRereads(own.rereads).wrong,
    }).toEqual({
      scans: { wrong: [], unneeded: [] },
      again: [],
      rereads: { wrong: [], unneeded: [] },
      chosen: [],
    });
  }

  test('by the summary of the evidence', () => expectReadOnce(summarise));

  test('by packs of evidence', async () => {
    await expectReadOnce(async (database) => {
      expect(await exportAll(database)).toBeGreaterThan(nights * (keys / 200));
    });
  });

  test('by a pack of one key', async () => {
    await expectReadOnce(
      async (database) => {
        expect(await exportAll(database, 'key_7')).toBeGreaterThan(nights);
      },
      [{ table: 'tracked_key', words: 'starts_with', why: 'its source may not be named' }],
    );
  });

  test('by a back-test of the last night, and of several', async () => {
    const timeline = { table: 'sweep', words: '"policyRow" from', why: 'a few rows a night' };
    const wanted = [{ words: 'join wanted w on', why: hashed }];
    await expectReadOnce((database) => judgeAgain(database, { kind: 'last' }), [timeline], wanted);
    await expectReadOnce(
      (database) => judgeAgain(database, { kind: 'since', ms: 3.5 * day }),
      [
        timeline,
        { table: 'tracked_key', words: 'order by source, key_id', why: 'they are judged all' },
      ],
      wanted,
    );
  });

  test('by `evidence check`', async () => {
    await expectReadOnce(
      async (database) => {
        expect(await check(database)).toMatchObject({ sweeps: nights, keys: keys * nights });
      },
      [...checking, { table: 'log_fact', words: 'select kind, name, value', why: whole }],
      [{ words: 'left join listed n', why: hashed }],
    );
  });

  test('by `evidence check` after re-audits, where somebody changed what vendors said', async () => {
    const plain = openPostgresDatabase(url, quiet);
    const using = inputs(inventory);
    for (const n of [6, 7, 8]) {
      const opened = await open(plain, using, inventory.slice(n, n + 1));
      await record(plain, await claim(plain, opened), { [`key_${n + 1}`]: { breaks: ['stale'] } });
      await close(plain, opened.sweepId);
    }
    await run(
      plain,
      `update keysweep.observation set content = content || '{"name":"x"}' where id <= 20`,
    );
    await run(plain, 'analyze');
    await plain.close();
    await expectReadOnce(
      async (database) => {
        const { sweeps, differences } = await check(database);
        expect(sweeps).toBe(nights + 3);
        expect(differences.filter(({ code }) => code === 'observation')).toHaveLength(20);
      },
      [
        ...checking,
        { table: 'sweep', words: 'opened_at as at', why: 'once for all findings' },
        {
          table: 'tracked_key',
          words: 'k.observation_id = any',
          why: 'once for those that differ',
        },
      ],
    );
  });
});
