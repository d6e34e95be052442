import { expect, test } from 'vitest';
import type { OverviewModel } from '../../../src/http/pages/overview/overview-model.ts';
import { renderOverview } from '../../../src/http/pages/overview/overview-page.tsx';
import { planGroupMap, planKeyMap } from '../../../src/http/pages/overview/plan-fleet.ts';
import type { MappedKey } from '../../../src/record/reads/pages/read-fleet.ts';
import { expectHarmless, hostileFrame, withHostileText } from './hostile.ts';

const at = new Date('2026-11-29T07:30:00Z');
const counts = { pass: 390, fail: 20, waived: 2, unknown: 3 };

function aKey(difference: Partial<MappedKey> = {}): MappedKey {
  const ordinary = { source: 'prod', keyId: 'k', name: 'Checkout', environment: 'live' };
  return { ...ordinary, owner: 'ann', verdict: 'pass', ...difference };
}

const model: OverviewModel = {
  now: new Date('2026-11-29T09:00:00Z'),
  keys: 415,
  last: {
    ...{ row: 7, id: 's-1', trigger: 'schedule', schedule: 'nightly', dueAt: at, openedAt: at },
    ...{ closedAt: at, status: 'incomplete', scope: 'full', version: '1', verdicts: counts },
    coverage: { tracked: 415, audited: 412, unknown: 3, partial: 0 },
  },
  running: [{ id: 's-2', scope: 'partial', openedAt: at, tracked: 9, pending: 4 }],
  held: [{ sweep: 's-3', openedAt: at, held: 44, cause: 'changed', detail: 'many changed' }],
  changes: {
    counts: { opened: 2, reopened: 0, lapsed: 0, resolved: 1, waived: 0 },
    first: [
      {
        ...{ kind: 'opened', at, fingerprint: 'f', rule: 'r', type: 'stale', severity: 'high' },
        ...{ resolution: null, source: 'prod', keyId: 'k', keyName: 'n', owner: 'o' },
        message: 'not used for 61 days',
      },
    ],
  },
  nights: [
    { day: '2026-11-27', state: 'missed', sweep: undefined },
    {
      ...{ day: '2026-11-28', state: 'incomplete' },
      sweep: {
        id: 's-0',
        at,
        closedAt: at,
        status: 'incomplete',
        tracked: 415,
        ...counts,
        simulated: true,
      },
    },
  ],
  timezone: 'UTC',
  fleet: planKeyMap([aKey(), aKey({ owner: null, verdict: 'fail' })], 'owner'),
  open: [{ severity: 'high', byAge: [1, 0, 2, 0] }],
  schedules: [
    {
      ...{
        schedule: 'nightly',
        sweep: 's-1',
        status: 'incomplete',
        closedAt: at,
        waiting: 1,
        simulated: true,
      },
      ...{ cron: '30 2 * * *', timezone: 'UTC', next: at },
    },
  ],
  sources: [
    { id: 'prod', type: 'x', keys: 9, unknown: 1, pause: { until: at, detail: 'come later' } },
  ],
  channels: [
    {
      ...{ id: 'siem', type: 'webhook' },
      health: {
        ...{ channel: 'siem', pending: 1, oldestPending: at, failed: 1, lastDelivered: at },
        detail: 'it said 500',
      },
    },
  ],
};

test('hostile text in any field of the overview stays text', () => {
  const words = ['high', 'opened', 'stale', 'incomplete', 'missed', 'partial', 'fail', 'pass'];
  const hostile = withHostileText(model, [
    ...words,
    'full',
    'schedule',
    'owner',
    'changed',
    'webhook',
    'x',
  ]);
  expectHarmless(renderOverview(hostileFrame, hostile));
});

test('an overview says which source is paused, and which channel fails and why', () => {
  const page = renderOverview(hostileFrame, model);
  expect(page).toContain('<span class="badge is-unknown">paused</span>');
  expect(page).toContain('8 of 9 audited in the last full sweep, 1 unknown');
  expect(page).toMatch(/asked us to stay away until .*<bdi>come later<\/bdi>/);
  expect(page).toContain('<span class="badge is-unknown">has failed</span>');
  expect(page).toMatch(/, 1 failed, 1 waiting since .*<bdi>it said 500<\/bdi>/);
  const well = { channel: 'siem', pending: 0, oldestPending: null, failed: 0, lastDelivered: at };
  const calm = renderOverview(hostileFrame, {
    ...model,
    sources: [{ id: 'prod', type: 'x', keys: 9, unknown: 0, pause: undefined }],
    channels: [{ id: 'siem', type: 'webhook', health: { ...well, detail: null } }],
  });
  expect(calm).toContain('<span class="badge is-none">answers</span>');
  expect(calm).toContain('<span class="badge is-none">delivers</span>');
});

test('an overview without anything has a word for each of its parts', () => {
  const nothing = { counts: { ...model.changes.counts, opened: 0, resolved: 0 }, first: [] };
  const empty: OverviewModel = {
    ...model,
    ...{ last: undefined, running: [], held: [], changes: nothing, nights: [], open: [] },
    ...{ schedules: [], channels: [], fleet: planKeyMap([], 'owner') },
  };
  const page = renderOverview(hostileFrame, empty);
  for (const words of [
    'No sweep has closed yet',
    'Changes are shown after the first sweep.',
    'No finding is open.',
    'The chart begins with the first full sweep.',
    'The map is drawn after the first full sweep.',
    'There is no schedule: sweeps run on request only.',
    'No channel is set up: nobody is alerted.',
  ]) {
    expect(page).toContain(words);
  }
});

test('what is one is said of one', () => {
  const groups = ['ann', 'bob'].map((owner, at) => {
    return { source: 'prod', owner, environment: null, verdict: 'pass' as const, keys: 2 - at };
  });
  const held = model.held.map((one) => ({ ...one, held: 1 }));
  const fleet = planGroupMap(groups, 'owner', 1);
  const page = renderOverview(hostileFrame, { ...model, held, fleet }).replaceAll(/<[^>]+>/g, '');
  expect(page).toContain('1 more group with 1 key. ');
  expect(page).toContain(
    'are held until somebody releases them or the next sweep confirms them: 1 change (',
  );
});

test('the map puts the group with most failing keys first, and keeps keys without an owner', () => {
  const keys = [
    aKey({ owner: 'bob' }),
    aKey({ owner: null, verdict: 'fail' }),
    aKey({ owner: 'ann', verdict: 'unknown' }),
    aKey({ owner: 'ann', verdict: null }),
  ];
  expect(planKeyMap(keys, 'owner').parts.map(({ name, keys: n }) => [name, n])).toEqual([
    [null, 1],
    ['ann', 2],
    ['bob', 1],
  ]);
});

test('a map of groups adds up what has the same name, and counts what it leaves out', () => {
  const group = { source: 'prod', environment: null, verdict: 'pass' as const };
  const groups = [
    { ...group, owner: 'ann', keys: 5 },
    { ...group, owner: 'ann', keys: 2, verdict: 'fail' as const },
    { ...group, owner: 'bob', keys: 90 },
    { ...group, owner: 'eve', keys: 4 },
  ];
  const map = planGroupMap(groups, 'owner', 2);
  expect(map.parts.map(({ name, keys, counts: { fail } }) => [name, keys, fail])).toEqual([
    ['ann', 7, 2],
    ['bob', 90, 0],
  ]);
  expect(map.left).toEqual({ parts: 1, keys: 4 });
});
