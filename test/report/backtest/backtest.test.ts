import { expect, test } from 'vitest';
import { backtestExitCode } from '../../../src/report/backtest/backtest-exit-code.ts';
import { renderBacktestJson } from '../../../src/report/backtest/backtest-json.ts';
import type {
  BacktestCounts,
  BacktestSource,
  BacktestSweep,
  ChangedUnknown,
  ChangedViolation,
  ChangeKind,
  Changes,
} from '../../../src/report/backtest/backtest-model.ts';
import { leaveOut } from '../../../src/report/backtest/backtest-severity.ts';
import { renderBacktestTable } from '../../../src/report/backtest/backtest-table.ts';
import { readBacktestJson } from '../../../src/report/backtest/read-backtest-json.ts';
import { aSweep, aViolation, gather, openedAt, stream } from '../world.ts';

const seen = { sweep: 'a sweep', asOf: openedAt };

function aChange(difference: Partial<ChangedViolation> = {}): ChangedViolation {
  const { status: _, firstSeen: __, ...violation } = aViolation();
  return { ...violation, was: 'passed', would: 'open', ...seen, ...difference };
}

const anUnknown: ChangedUnknown = {
  ...{ source: 'prod', keyId: 'key_dark', rule: 'scopes', reason: 'field-unreadable' },
  ...{ fields: ['scopes'], detail: 'scopes', was: 'open', would: 'unknown', ...seen },
};

function totals(difference: Partial<BacktestSweep['would']['coverage']> = {}) {
  const coverage = { tracked: 4, audited: 4, unknown: 0, partial: 0, ...difference };
  return { coverage, verdicts: { pass: 2, fail: 2, waived: 0, unknown: 0 } };
}

function aCounted(difference: Partial<BacktestCounts> = {}): BacktestCounts {
  const changes = { opens: 2, resolves: 1, waived: 1, unknown: 1 };
  const counts = { open: 1, waived: 0, unknown: 0 };
  return {
    sweeps: [{ sweep: aSweep(), was: totals(), would: totals(), changes }],
    rules: [
      {
        rule: 'stale-45',
        severity: { was: 'low', would: 'high' },
        was: counts,
        would: { ...counts, open: 3 },
      },
      {
        rule: 'old',
        severity: { was: 'low', would: null },
        was: counts,
        would: { ...counts, open: 0 },
      },
      {
        rule: 'fresh',
        severity: { was: null, would: 'low' },
        was: { ...counts, open: 0 },
        would: counts,
      },
    ],
    changes,
    opens: { info: 0, low: 1, medium: 0, high: 1, critical: 0 },
    ...difference,
  };
}

const rows: { readonly [K in ChangeKind]: readonly Changes[K][] } = {
  opens: [
    aChange(),
    aChange({ severity: 'low', rule: 'fresh', was: 'absent', keyName: '\u001b[2Jx' }),
  ],
  resolves: [aChange({ rule: 'old', was: 'open', would: 'absent' })],
  waived: [aChange({ waiver: 'W-9', was: 'open', would: 'waived' })],
  unknown: [anUnknown],
};

function aSource(counts = aCounted()): BacktestSource {
  return {
    policy: { version: '2026-12', hash: `sha256:${'ab'.repeat(32)}` },
    // biome-ignore lint/correctness/useYield: there is nothing to wait for
    async *count() {
      return counts;
    },
    changes: <K extends ChangeKind>(kind: K) => stream<Changes[K]>(rows[kind]),
    close: async () => undefined,
  };
}

const table = (counts = aCounted()) =>
  gather(renderBacktestTable(aSource(), counts, { color: false, columns: 160 }));

test('opens with the coverage under the other policy, then says what would change', async () => {
  const lines = (await table()).split('\n');
  expect(lines[0]).toBe('4 of 4 audited, 0 unknown');
  expect(lines[3]).toBe(
    '2 violations would open (1 high, 1 low), 1 would resolve, 1 would be waived, 1 could no longer be judged',
  );
});

test('says so where nothing would open', async () => {
  const changes = { opens: 0, resolves: 0, waived: 0, unknown: 0 };
  const text = await table(aCounted({ changes }));
  expect(text).toContain('Nothing would open, 0 would resolve, 0 would be waived\n');
});

test('counts by rule what was and what would be, with rules that come and go', async () => {
  const text = await table();
  expect(text).toMatch(/stale-45 +low → high +1 → 3 +0 +0$/m);
  expect(text).toMatch(/old +low → – +1 → 0 +0 +0 +the rule is gone$/m);
  expect(text).toMatch(/fresh +– → low +0 → 1 +0 +0 +new$/m);
});

test('lists each kind of change, and makes the texts of strangers harmless', async () => {
  const text = await table();
  expect(text).toMatch(
    /Would open\n(.*\n){2} {2}key_abc123 +Checkout +payments +stale-45 +passed /,
  );
  expect(text).toMatch(/Would resolve\n(.*\n){2} {2}key_abc123 .* old +no such rule /);
  expect(text).toMatch(/Would be waived\n(.*\n){2} {2}key_abc123 .* W-9 /);
  expect(text).toMatch(
    /Could no longer be judged\n(.*\n){2} {2}key_dark +scopes +open +field-unreadable/,
  );
  expect(text).not.toContain('\u001b');
});

test('lists sweeps where there are several, and in which a change was first', async () => {
  const [one] = aCounted().sweeps;
  const text = await table(aCounted({ sweeps: one === undefined ? [] : [one, one] }));
  expect(text).toContain('\nSweeps\n');
  expect(text).toMatch(/stale-45 +passed +2026-11-23 07:30:00Z/);
  expect(await table()).not.toContain('\nSweeps\n');
});

test('is the same when its JSON is read again', async () => {
  const json = await gather(renderBacktestJson(aSource(), aCounted()));
  expect(JSON.parse(json)).toMatchObject({ schema: 'keysweep.backtest/1' });
  const read = readBacktestJson(JSON.parse(json));
  const { value } = await read.count().next();
  expect(await gather(renderBacktestJson(read, value as BacktestCounts))).toBe(json);
});

test('leaves out what is less severe, and no unknowns', async () => {
  const json = await gather(renderBacktestJson(leaveOut(aSource(), 'medium'), aCounted()));
  const { opens, unknown, changes } = JSON.parse(json);
  expect([opens.length, unknown.length, changes.opens]).toEqual([1, 1, 2]);
});

test('exits 1 for what would open at or above the severity, whatever is unknown', () => {
  const opens = { info: 3, low: 0, medium: 1, high: 0, critical: 0 };
  const dark = aCounted({
    opens,
    sweeps: [{ ...(aCounted().sweeps[0] as BacktestSweep), would: totals({ partial: 1 }) }],
  });
  expect(backtestExitCode(dark, 'low')).toBe(1);
  expect(backtestExitCode(dark, 'medium')).toBe(1);
  expect(backtestExitCode(dark, 'high')).toBe(3);
  expect(backtestExitCode(aCounted({ opens }), 'high')).toBe(0);
});
