import { describe, expect, test } from 'vitest';
import { judgeHere } from '../../src/backtest/judging/judge-here.ts';
import { openBacktest } from '../../src/backtest/open-backtest.ts';
import type { WantedSweeps } from '../../src/backtest/read-sweeps.ts';
import type { Database } from '../../src/record/store/database.ts';
import type {
  BacktestCounts,
  BacktestSource,
  ChangeKind,
} from '../../src/report/backtest/backtest-model.ts';
import { type Night, runNight, type Said } from '../record/nights.ts';
import { describeStores } from '../record/stores.ts';
import { all, aTrackedKey } from '../record/world.ts';

const day = 86_400_000;
const start = Date.now();
const keys = ['a', 'b', 'c', 'd'].map((keyId) => aTrackedKey(keyId));
const idle = (days: number): Said => ({ lastUsed: new Date(start - days * day - 60_000) });
const staleAfter = (days: number) => `
  - { id: stale, type: stale, after: ${days}d, severity: high }
  - { id: names, type: naming, pattern: "*", severity: low }`;

function aNight(daysAgo: number, said: Readonly<Record<string, Said>>): Night {
  const opened = new Date(start - daysAgo * day);
  return { keys, rules: staleAfter(45), opened, said: new Map(Object.entries(said)) };
}

async function judge(database: Database, rules: string, sweeps: WantedSweeps = { kind: 'last' }) {
  const policy = `version: other\nrules:${rules}`;
  const source = await openBacktest(
    database,
    { policy, approvals: null, sweeps },
    () => 0,
    judgeHere,
  );
  if (source === undefined) throw new Error('there is no such sweep');
  return { source, counts: await count(source) };
}

async function count(source: BacktestSource): Promise<BacktestCounts> {
  const counting = source.count();
  for (;;) {
    const { done, value } = await counting.next();
    if (done === true) return value;
  }
}

async function list({ source }: { source: BacktestSource }, kind: ChangeKind, sweeps: string[]) {
  const found: string[] = [];
  for await (const { keyId, rule, sweep } of source.changes(kind)) {
    found.push(`${keyId} ${rule} ${sweeps.indexOf(sweep)}`);
  }
  return found;
}

describeStores('a back-test', (get) => {
  describe('of three nights', () => {
    const ids: string[] = [];
    const nights = [
      aNight(3, { a: idle(50), b: idle(20), c: idle(33), d: 'unreachable' }),
      aNight(2, { a: idle(50), b: idle(33), c: idle(34), d: 'unreachable' }),
      aNight(1, { a: idle(50), b: idle(1), c: idle(35), d: idle(40) }),
    ];

    test('finds nothing before a sweep has closed', async () => {
      const request = {
        policy: `version: x\nrules:${staleAfter(1)}`,
        approvals: null,
        sweeps: { kind: 'last' } as const,
      };
      expect(await openBacktest(get(), request, () => 0, judgeHere)).toBeUndefined();
    });

    test('judges the full sweep closed last, unless told', async () => {
      for (const night of nights) ids.push(await runNight(get(), night));
      const named = keys.slice(0, 1);
      ids.push(await runNight(get(), { ...aNight(0, { a: idle(50) }), named }));
      const judged = await judge(get(), staleAfter(30));
      expect(judged.counts.sweeps.map(({ sweep }) => ids.indexOf(sweep.id))).toEqual([2]);
      expect(await list(judged, 'opens', ids)).toEqual(['c stale 2', 'd stale 2']);
      expect(judged.counts).toMatchObject({
        changes: { opens: 2, resolves: 0, waived: 0, unknown: 0 },
        opens: { high: 2 },
        sweeps: [
          { was: { verdicts: { pass: 3, fail: 1 } }, would: { verdicts: { pass: 1, fail: 3 } } },
        ],
      });
    });

    test('judges the sweep named, also one of some keys', async () => {
      const first = await judge(get(), staleAfter(30), { kind: 'one', id: ids[0] ?? '' });
      expect(await list(first, 'opens', ids)).toEqual(['c stale 0']);
      expect(first.counts.sweeps[0]?.would.coverage).toMatchObject({ tracked: 4, unknown: 1 });
      const partial = await judge(get(), staleAfter(60), { kind: 'one', id: ids[3] ?? '' });
      expect(await list(partial, 'resolves', ids)).toEqual(['a stale 3']);
      const absent = { kind: 'one', id: 'nothing' } as const;
      await expect(judge(get(), staleAfter(30), absent)).rejects.toThrow('no such sweep');
    });

    test('of a span says what would have opened, and in which sweep first', async () => {
      const judged = await judge(get(), staleAfter(30), { kind: 'since', ms: 4 * day });
      expect(await list(judged, 'opens', ids)).toEqual(['b stale 1', 'c stale 0', 'd stale 2']);
      expect(judged.counts.sweeps.map(({ changes }) => changes.opens)).toEqual([1, 2, 2]);
      expect(judged.counts.changes.opens).toBe(3);
      const shorter = await judge(get(), staleAfter(30), { kind: 'since', ms: 2.5 * day });
      expect(shorter.counts.sweeps).toHaveLength(2);
    });

    test('counts rules by what was and what would be', async () => {
      const other = '\n  - { id: names, type: naming, pattern: "prod-*", severity: critical }';
      const { counts } = await judge(get(), other);
      expect(
        counts.rules.map(({ rule, severity, was, would }) => [
          rule,
          severity.would,
          was.open,
          would.open,
        ]),
      ).toEqual([
        ['names', 'critical', 0, 4],
        ['missing', 'low', 0, 0],
        ['stale', null, 1, 0],
      ]);
    });

    test('writes nothing', async () => {
      const state = () =>
        all(
          get(),
          `select (select count(*) from keysweep.policy) as policies,
          (select count(*) from keysweep.sweep) as sweeps, (select max(id) from keysweep.finding_event) as events,
          (select max(last_seen_at) from keysweep.finding) as seen, (select count(*) from keysweep.alert) as alerts`,
        );
      const before = await state();
      await judge(get(), staleAfter(1), { kind: 'since', ms: 9 * day });
      expect(await state()).toEqual(before);
    });
  });
});

describeStores('a back-test of 4,500 keys', (get) => {
  test('tells them once each, gravest first and in the order of their bytes', {
    tags: ['all'],
  }, async () => {
    const many = Array.from({ length: 4_500 }, (_, n) =>
      aTrackedKey(`${['é', 'Z', 'a', '_', '😀'][n % 5]}${(n * 7919) % 4_500}`),
    );
    const said = new Map(many.map(({ keyId }, n) => [keyId, idle(n % 2 === 0 ? 50 : 10)]));
    await runNight(get(), { ...aNight(1, {}), keys: many, said });
    const rules = `
  - { id: low, type: stale, after: 5d, severity: low }
  - { id: high, type: stale, after: 40d, severity: high }`;
    const { source, counts } = await judge(get(), rules);
    const told: { rule: string | null; keyId: string }[] = [];
    for await (const change of source.changes('opens')) told.push(change);
    expect([told.length, counts.changes.opens]).toEqual([6_750, 6_750]);
    expect(told.slice(0, 2_250).every(({ rule }) => rule === 'high')).toBe(true);
    const low = told.slice(2_250).map(({ keyId }) => keyId);
    const sorted = many
      .map(({ keyId }) => keyId)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(low).toEqual(sorted);
  });
});
