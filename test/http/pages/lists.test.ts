import { describe, expect, test } from 'vitest';
import { renderAlerts } from '../../../src/http/pages/alerts/alerts-page.tsx';
import { renderFindings } from '../../../src/http/pages/findings/findings-page.tsx';
import { renderKeys } from '../../../src/http/pages/keys/keys-page.tsx';
import { listActive, toInput, withValue } from '../../../src/http/pages/lists/filter-state.ts';
import { renderPolicy } from '../../../src/http/pages/policy/policy-page.tsx';
import { Markdown } from '../../../src/http/pages/rule/markdown.tsx';
import { planMatrix } from '../../../src/http/pages/scopes/plan-matrix.ts';
import { renderScopes } from '../../../src/http/pages/scopes/scopes-page.tsx';
import { renderSweep } from '../../../src/http/pages/sweep/sweep-page.tsx';
import { renderSpan } from '../../../src/http/pages/sweeps/render-sweep.ts';
import { renderSweeps } from '../../../src/http/pages/sweeps/sweeps-page.tsx';
import type { ScopedKey } from '../../../src/record/reads/pages/read-scoped-keys.ts';
import { aFinding, aReportKey, aSweep } from '../../report/world.ts';
import { expectHarmless, hostileFrame, hostileText, withHostileText } from './hostile.ts';

const now = new Date('2026-11-29T09:00:00Z');
const query = new URLSearchParams([
  ['text', hostileText],
  ['owner', hostileText],
  ['tag', hostileText],
]);
const list = {
  ...{ query, first: '/x', next: '/y', wrong: 'no owner is called x' },
  active: listActive('/x', query),
  choices: {
    owners: ['ann'],
    environments: undefined,
    tags: ['t'],
    sources: ['a', 'b'],
    rules: ['stale'],
  },
};
const paths = ['/x', '/y'];

/** Words that the program itself writes, and its own addresses. */
const words = [
  ...['open', 'waived', 'resolved', 'high', 'stale', 'fixed', 'fail', 'pass', 'missed'],
  ...['complete', 'incomplete', 'full', 'partial', 'request', 'schedule', 'pending', 'held'],
  ...['owner', 'tag', 'text', 'not-approved', 'severity', 'acknowledged', 'opened', ...paths],
];

function hostile<T extends object>(model: T): T {
  const changed = withHostileText(model, words);
  return { ...changed, ...('query' in model ? { query, active: list.active } : {}) };
}

describe('hostile text in any field', () => {
  test('of a finding stays text', () => {
    const acknowledgement = {
      by: 'ann',
      known: 'oidc' as const,
      mail: 'a@x',
      at: now,
      reason: 'it was me',
    };
    const ended = { resolvedAt: now, resolution: 'acknowledged' as const, acknowledgement };
    const items = [
      aFinding(),
      aFinding({ status: 'waived', waiver: 'W-1' }),
      aFinding({ status: 'resolved', ...ended }),
    ];
    expectHarmless(renderFindings(hostileFrame, hostile({ ...list, items, sort: 'severity' })));
  });

  test('of a key stays text', () => {
    const { verdict, ...key } = aReportKey();
    const items = [{ ...key, verdict, observedAt: now, approvedScopes: ['a'], tags: ['t'] }];
    expectHarmless(renderKeys(hostileFrame, hostile({ ...list, items, tracked: 3 })));
  });

  test('of a scope stays text', () => {
    const items = [aScopedKey({ scopes: [hostileText] })];
    const matrix = planMatrix(items, 9);
    expectHarmless(renderScopes(hostileFrame, { ...list, items, matrix, types: [hostileText] }));
  });

  test('of a sweep stays text', () => {
    const { status, ...sweep } = aSweep();
    const verdicts = { pass: 1, fail: 2, waived: 3, unknown: 4 };
    const coverage = { tracked: 10, audited: 6, unknown: 4, partial: 0 };
    const listed = { ...sweep, status, stoppedAt: null, tracked: 10, pending: 0 };
    const nights = [{ day: '2026-11-28', state: 'missed' as const, sweep: undefined }];
    expectHarmless(
      renderSweeps(
        hostileFrame,
        hostile({
          ...list,
          ...{ timezone: 'UTC', schedules: ['nightly'], nights },
          items: [{ ...listed, coverage, verdicts }],
        }),
      ),
    );
    const facts = {
      ...{ ...sweep, status, coverage, verdicts, simulated: true, deadlineAt: now, stoppedAt: now },
      ...{ held: 'held' as const, pending: 0, refusedSources: ['prod'], leaf: 7 },
      requests: [{ by: 'ann', known: 'oidc' as const, mail: 'a@x', reason: 'why' }],
      ...{ changes: [{ kind: 'opened', count: 1 }], batches: 1, rounds: 2 },
      soFar: { unknown: 1, attempts: 2 },
      waits: {
        away: [{ source: 's', until: 'u', inMs: 1, pastDeadline: true, probeInMs: 1 }],
        askedAgain: { keys: 1, inMs: 1, keyId: 'k', reason: 'timeout', detail: 'd' },
      },
    };
    const keys = [{ source: 's', keyId: 'k', name: 'n', verdict: null }];
    for (const shown of [facts, { ...facts, status: 'open' as const }]) {
      expectHarmless(renderSweep(hostileFrame, hostile(shown), withHostileText(keys, words)));
    }
  });

  test('of an alert stays text', () => {
    const items = [
      {
        ...{ id: 'a-1', plannedAt: now, channel: 'siem', type: 'findings.changed', part: 1 },
        ...{ parts: 2, state: 'pending' as const, attempts: 3, nextAt: now, sending: false },
        ...{ endedAt: null, sweep: 's', findings: 2, detail: 'it said 500' },
      },
    ];
    const held = [{ sweep: 's', openedAt: now, held: 4, cause: 'c', detail: 'd' }];
    const channels = [{ id: 'siem', type: 'webhook', note: 'it pages somebody' }];
    const tested = { channel: 'siem', type: 'webhook' as const, ms: 5, problem: null };
    for (const problem of [null, 'not delivered to siem (webhook): it said 500']) {
      const model = { ...list, items, held, channels, tested: { ...tested, problem } };
      expectHarmless(renderAlerts(hostileFrame, hostile(model)));
    }
  });

  test('of the policy and of the page of a rule stays text', () => {
    const rule = {
      ...{ id: 'r', type: 'stale' as const, severity: 'high' as const, after: 1 },
      controls: ['C 1'],
    };
    const waiver = {
      ...{ id: 'W', rule: 'r', reason: 'why', requestedBy: 'ann', approvedBy: ['bob'] },
      ...{ expires: now, keys: [{ source: 's', keyId: 'k' }] },
    };
    const model = { now, version: '1', hash: 'h', rules: [{ rule, open: 1, waived: 0 }] };
    const waivers = [{ waiver, covers: 1 }];
    const whole = { ...model, waivers, trial: undefined };
    expectHarmless(renderPolicy(hostileFrame, hostile(whole)));
    const page = String(Markdown({ text: `${hostileText}\n\n- ${hostileText}` }));
    expect(page).not.toContain('<img');
  });
});

function aScopedKey(difference: Partial<ScopedKey> = {}): ScopedKey {
  const named = { source: 'prod', keyId: 'k', name: 'n', type: 't', owner: 'o' };
  const ordinary = { ...named, verdict: 'pass' as const, firstScopes: null };
  return { ...ordinary, scopes: ['a:read'], approvedScopes: null, ...difference };
}

test('what is one is said of one', () => {
  const items = [aScopedKey({ scopes: ['a:read', 'b:read'] })];
  const matrix = planMatrix(items, 1);
  const scopes = renderScopes(hostileFrame, { ...list, items, matrix, types: [] });
  expect(scopes).toContain('1 more scope has no column here');
  const held = [{ sweep: 's', openedAt: now, held: 1, cause: 'c', detail: null }];
  const alerts = { ...list, items: [], held, channels: [], tested: undefined };
  const page = renderAlerts(hostileFrame, alerts).replaceAll(/<[^>]+>/g, '');
  expect(page).toContain('or the next sweep confirms them: 1 change. ');
});

describe('the matrix of scopes', () => {
  test('puts scopes that can write first, then those that most keys have', () => {
    const keys = [
      aScopedKey({ scopes: ['a:read', 'b:read'] }),
      aScopedKey({ scopes: ['b:read', 'c:write'] }),
    ];
    expect(planMatrix(keys, 9).scopes).toEqual(['c:write', 'b:read', 'a:read']);
  });

  test('marks what nobody approved, and counts what it has no column for', () => {
    const key = aScopedKey({ scopes: ['a:read', 'c:write', 'd:read'], approvedScopes: ['a:*'] });
    const matrix = planMatrix([key], 2);
    expect(matrix).toMatchObject({ scopes: ['c:write', 'a:read'], left: 1 });
    expect(matrix.rows).toMatchObject([{ cells: ['not-approved', 'agreed'], others: 1 }]);
  });
});

describe('a filter in the URL', () => {
  const asked = new URLSearchParams('owner=ann&owner=bob&text=&cursor=c&sort=newest');

  test('is a list if its name comes twice, and none if the form left it empty', () => {
    expect(toInput(asked, ['owner', 'text', 'rule'])).toEqual({ owner: ['ann', 'bob'] });
  });

  test('can be taken away alone, and the list begins anew', () => {
    expect(listActive('/findings', asked)).toEqual([
      { name: 'owner', value: 'ann', without: '/findings?owner=bob&text=&sort=newest' },
      { name: 'owner', value: 'bob', without: '/findings?owner=ann&text=&sort=newest' },
    ]);
    expect(withValue('/findings', asked, 'sort', undefined)).not.toContain('cursor');
  });
});

test('every filter in force is shown, also the second of a name', () => {
  const twice = new URLSearchParams('owner=ann&owner=bob&status=any');
  const active = listActive('/findings', twice);
  const findings = { ...list, query: twice, active, items: [], sort: 'severity' as const };
  const page = renderFindings(hostileFrame, findings);
  expect(page).toContain('<option value="ann" selected="">ann</option>');
  expect(page).toContain('<input type="hidden" name="owner" value="bob"/>');
  expect(page).toMatch(/owner: <bdi>bob<\/bdi> <a href="\/findings\?owner=ann&amp;status=any"/);
  expect(page).not.toContain('owner: <bdi>ann');
  expect(page).not.toContain('status: ');
});

describe('Markdown', () => {
  test('becomes headings, lists, tables and code', () => {
    const text = '## A `b`\n\n- one\n- **two**\n\n| h | i |\n| --- | --- |\n| x \\| y | z |\n\n';
    const page = String(Markdown({ text: `${text}\`\`\`yaml\na: 1\n\nb: 2\n\`\`\`\n` }));
    expect(page).toContain('<h2>A <code>b</code></h2>');
    expect(page).toContain('<ul><li>one</li><li><strong>two</strong></li></ul>');
    expect(page).toContain('<td>x | y</td>');
    expect(page).toContain('<code>a: 1\n\nb: 2</code>');
  });

  test('leads to other rules here, and never out of the program', () => {
    const page = String(Markdown({ text: '[`stale`](stale.md) and [CEL](https://cel.dev)' }));
    expect(page).toContain('<a href="/policy/rules/stale"><code>stale</code></a> and CEL');
  });
});

test.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min 0 s'],
  [3_599_000, '59 min 59 s'],
  [3_600_000, '1 h 0 min'],
  [-5, '0 s'],
])('%i ms are %s', (ms, text) => {
  expect(renderSpan(ms)).toBe(text);
});
