// The time and memory of a back-test of one night, in an embedded store and in PostgreSQL. Two nights
// are recorded before it, as a past to compare with; one key in ten breaks a rule.

import { judgeHere } from '../../src/backtest/judging/judge-here.ts';
import { openBacktest } from '../../src/backtest/open-backtest.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import { parsePolicy } from '../../src/evaluate/policy/parse-policy.ts';
import { keepKeys } from '../../src/inventory/keep-keys.ts';
import type { Observation } from '../../src/keys/observation.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';
import { closeSweep } from '../../src/record/closing/close-sweep.ts';
import type { Database } from '../../src/record/store/database.ts';
import { migrate } from '../../src/record/store/migrate.ts';
import { claimBatch } from '../../src/record/sweeps/claim-batch.ts';
import { openRequestedSweep } from '../../src/record/sweeps/open-sweep.ts';
import { recordBatch } from '../../src/record/sweeps/record-batch.ts';
import { writeRequest } from '../../src/record/sweeps/requests.ts';
import { changeKinds } from '../../src/report/backtest/backtest-model.ts';
import { readClock } from '../../src/timing/database-clock.ts';
import { anAlerting } from '../../test/alert/an-alerting.ts';
import { defineBench, type Found, type Say } from '../support/define-bench.ts';
import { onEachStore, storesOption } from '../support/on-each-store.ts';
import { count } from '../support/option.ts';

const day = 86_400_000;
const shared = `
  - { id: drift, type: scope-drift, severity: high }
  - { id: woke, type: reawakened, dormant: 60d, severity: high }
  - { id: odd, type: impossible-metadata, severity: high }
  - { id: dark, type: unaudited, after: 14d, severity: medium }
  - { id: scopes, type: over-scoped, allow: ["customers:read", "charges:*"], forbid: ["*:write"], severity: critical }
  - { id: owner, type: unowned, severity: low }
`;
const was = policyOf('  - { id: stale, type: stale, after: 90d, severity: high }');
const would = policyOf(`
  - { id: stale, type: stale, after: 45d, warnBefore: 7d, severity: high }
  - { id: old, type: too-old, after: 90d, severity: medium }
  - { id: names, type: naming, pattern: "Key *", severity: info }`);

export const bench = defineBench({
  name: 'backtest',
  about: 'time and memory of a back-test of one night',
  options: { keys: count(100_000, 'keys in the fleet'), stores: storesOption },
  aims: () => ({}),
  run: ({ keys, stores }, say) => {
    const tracked = Array.from({ length: keys }, (_, n): TrackedKey => {
      const stated = { owner: `owner-${n % 50}`, environment: 'production', approvedScopes: null };
      return { source: 'prod', keyId: `key_${n}`, ...stated, tags: [] };
    });
    return onEachStore(stores, (database) => measure(database, tracked, say));
  },
});

async function measure(database: Database, keys: readonly TrackedKey[], say: Say) {
  const { kind } = database;
  await migrate(database, true);
  const recording = await timed(async () => {
    for (let night = 0; night < 3; night += 1) await sweep(database, keys);
  });
  say(`${kind}: three nights recorded in ${recording.toFixed(1)} s`);
  const before = memoryMb();
  let rows = 0;
  const seconds = await timed(async () => {
    const request = { policy: would, approvals: null, sweeps: { kind: 'last' as const } };
    const source = await openBacktest(database, request, () => 0, judgeHere);
    if (source === undefined) throw new Error('there is no sweep');
    const counting = source.count();
    while ((await counting.next()).done !== true);
    for (const kind of changeKinds) for await (const _ of source.changes(kind)) rows += 1;
  });
  const found: Found[] = [
    { name: `${kind}, time`, unit: 's', value: seconds, beside: `${rows} changes` },
    {
      ...{ name: `${kind}, peak memory`, unit: 'MB', value: memoryMb() },
      beside: `before it: ${before.toFixed(0)} MB`,
    },
  ];
  return found;
}

async function sweep(database: Database, keys: readonly TrackedKey[]): Promise<void> {
  const request = { keys: undefined, reason: null, requestedBy: null };
  const id = await writeRequest(database, request, null);
  const policy = { text: was, hash: 'sha256:bench', policy: parsePolicy(was) };
  const inventory = { hash: 'bench', keys: keepKeys(keys), files: [] };
  const means = {
    inventory,
    policy,
    approvals: undefined,
    store: 'bench',
    replacesInventory: true,
  };
  const opened = await openRequestedSweep(database, id, 3_600_000, means);
  const { sweepId = '', batches = [] } = opened ?? {};
  for (const { batch } of batches) await record(database, sweepId, batch);
  await closeSweep(database, sweepId, anAlerting([]));
}

async function record(database: Database, sweepId: string, batch: number): Promise<void> {
  const claimed = await claimBatch(database, sweepId, batch, 60_000);
  if (claimed === undefined) throw new Error(`batch ${batch} was not to be had`);
  const policy = compilePolicy(claimed.policy);
  const { asOf } = claimed;
  const judged = claimed.keys.map((pending) => {
    const { key, history } = pending;
    const observation = observe(Number(key.keyId.slice(4)), readClock(claimed.clock));
    const judgement = evaluate({ observation, key, policy, asOf, usageLagMs: 0, history });
    return { pending, observation, judgement };
  });
  await recordBatch(database, claimed, {
    judged,
    unanswered: [],
    sourceRefused: false,
    retryInMs: 1_000,
  });
}

/** Like the fleet of `bench`: one in 25 is stale, one in 25 too old, one in 50 may write. */
function observe(n: number, at: Date): Observation {
  const ago = (days: number) => new Date(at.getTime() - days * day);
  return {
    kind: 'present',
    at,
    details: {
      name: `Key ${n}`,
      type: 'secret',
      scopes: n % 50 === 1 ? ['charges:read', 'charges:write'] : ['charges:read'],
      createdOn: new Date(Date.UTC(2026, n % 25 === 2 ? 0 : 9, 1 + (n % 28))),
      lastUsed: ago(n % 25 === 3 ? 46 : n % 30),
      lastFour: n.toString(16).padStart(4, '0').slice(-4),
    },
  };
}

function policyOf(rules: string): string {
  return `version: bench\nrules:${rules.startsWith('\n') ? '' : '\n'}${rules}${shared}`;
}

const memoryMb = () => process.resourceUsage().maxRSS / 1_024;

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}
