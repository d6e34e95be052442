import { expect, test } from 'vitest';
import { renderBacktestPage } from '../../../../src/http/pages/backtest/backtest-page.tsx';
import type { BacktestState } from '../../../../src/http/pages/backtest/kept-backtest.ts';
import type { ChangedViolation } from '../../../../src/report/backtest/backtest-model.ts';
import { aSweep, aViolation, openedAt } from '../../../report/world.ts';
import { expectHarmless, hostileFrame, hostileText, withHostileText } from '../hostile.ts';

const words = [
  ...['done', 'failed', 'open', 'waived', 'unknown', 'passed', 'absent', 'high', 'low', 'full'],
  ...['last', 'stale', 'complete', 'incomplete'],
];

function render(state: BacktestState, policy = 'version: "1"'): string {
  const kept = {
    ...{ id: 'b-1', by: hostileText, startedAt: openedAt, once: undefined, policy },
    ...{ sweeps: { kind: 'last' } as const, state: withHostileText(state, [...words]) },
  };
  return renderBacktestPage(hostileFrame, { kept, known: new Set([hostileText]) });
}

const { status: _, firstSeen: __, ...violation } = aViolation();
const seen = { sweep: 'a sweep', asOf: openedAt };
const aChange: ChangedViolation = { ...violation, was: 'passed', would: 'open', ...seen };
const coverage = { tracked: 4, audited: 4, unknown: 0, partial: 0 };
const totals = { coverage, verdicts: { pass: 2, fail: 2, waived: 0, unknown: 0 } };
const changes = { opens: 3, resolves: 1, waived: 1, unknown: 1 };
const counts = { open: 1_000, waived: 0, unknown: 0 };
const swept = { sweep: aSweep(), was: totals, would: totals, changes };

const done: BacktestState = {
  kind: 'done',
  result: {
    policy: { version: '2', hash: 'sha256:00' },
    sweeps: [swept, swept],
    rules: [
      {
        ...{ rule: 'r', severity: { was: 'low', would: null } },
        ...{ was: counts, would: { ...counts, open: 0 } },
      },
    ],
    changes,
    opens: { info: 0, low: 0, medium: 0, high: 3, critical: 0 },
    first: {
      opens: [aChange],
      resolves: [{ ...aChange, was: 'open', would: 'absent' }],
      waived: [{ ...aChange, waiver: 'W-1' }],
      unknown: [
        {
          ...{ source: 's', keyId: 'k', rule: null, reason: 'timeout', fields: [], detail: 'd' },
          ...{ was: 'open', would: 'unknown', ...seen },
        },
      ],
    },
  },
};

test('hostile text in a result stays text', () => {
  const html = render(done);
  expectHarmless(html);
  expect(html).toContain('1,000 → 0');
  expect(html).toContain('and 2 more');
  expect(html).toContain('the rule is gone');
});

test('hostile text in what is wrong with a policy stays text', () => {
  const faults = [{ line: 3, column: 5, path: ['a', 0], message: 'm' }];
  expectHarmless(render({ kind: 'failed', why: 'w', faults }));
  expectHarmless(render({ kind: 'failed', why: 'w', faults: [] }));
});

test('the policy stands in the form, unless it is long', () => {
  expect(render(done, '</textarea><b>')).toContain('&lt;/textarea&gt;&lt;b&gt;</textarea>');
  expect(render(done, 'x'.repeat(20_000))).toContain('xxx');
  const long = render(done, 'x'.repeat(20_001));
  expect(long).not.toContain('xxx');
  expect(long).toContain('its text is too long to be shown here');
});
