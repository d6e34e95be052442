import { expect, test } from 'vitest';
import {
  type IncompleteInput,
  planChannelFailed,
  planIncomplete,
  planMissed,
} from '../../../src/alert/plan/plan-notices.ts';
import { aCoverage, aSweep } from '../a-finding.ts';

const channels = ['siem', 'mail'];
const unknown = (n: number) => ({
  source: 'flexcharge-prod',
  keyId: `key_${n}`,
  rule: null,
  reason: 'unreachable' as const,
  detail: 'ECONNREFUSED',
});
const incomplete: IncompleteInput = {
  sweep: aSweep,
  coverage: aCoverage,
  changed: true,
  unknowns: [unknown(1), unknown(2), unknown(3)],
  channels,
};

test('alerts every channel when the set of unknown keys changed', () => {
  const alerts = planIncomplete(incomplete);
  expect(alerts.map(({ channel }) => channel)).toEqual(channels);
  expect(alerts[0]).toMatchObject({
    type: 'sweep.incomplete',
    part: 1,
    parts: 1,
    eventIds: [],
    data: { sweep: aSweep, coverage: aCoverage, unknowns: incomplete.unknowns, omitted: 0 },
  });
});

test('plans nothing while the set of unknown keys is the same', () => {
  expect(planIncomplete({ ...incomplete, changed: false })).toEqual([]);
});

test('alerts when no key is unknown any more', () => {
  const whole = { ...incomplete, coverage: { ...aCoverage, unknown: 0 }, unknowns: [] };
  expect(planIncomplete(whole)[0]?.data).toMatchObject({ unknowns: [], omitted: 0 });
});

test('lists 100 unknown keys and counts the others', () => {
  const unknowns = Array.from({ length: 101 }, (_, n) => unknown(n));
  const [alert] = planIncomplete({
    ...incomplete,
    coverage: { ...aCoverage, unknown: 250 },
    unknowns,
  });
  expect(alert?.data).toMatchObject({ unknowns: unknowns.slice(0, 100), omitted: 150 });
});

test('alerts every channel once of missed ticks, with their count', () => {
  const missed = { schedule: 'nightly', count: 3, firstDueAt: 'a', lastDueAt: 'b' };
  expect(planMissed(missed, channels).map(({ channel, data }) => [channel, data])).toEqual([
    ['siem', missed],
    ['mail', missed],
  ]);
  expect(planMissed({ ...missed, count: 0 }, channels)).toEqual([]);
});

test('alerts the other channels when one failed', () => {
  const failed = {
    channel: 'siem',
    alert: { id: 'a-1', type: 'findings.changed' },
    attempts: 1,
    detail: 'answered 410',
  };
  expect(planChannelFailed(failed, channels).map(({ channel }) => channel)).toEqual(['mail']);
});

test('plans nothing when a channel.failed alert fails', () => {
  const alert = { id: 'a-2', type: 'channel.failed' };
  const failed = { channel: 'siem', alert, attempts: 1, detail: 'answered 410' };
  expect(planChannelFailed(failed, channels)).toEqual([]);
});
