import { expect, test } from 'vitest';
import { metrics } from '../../../src/http/metrics/metrics.ts';
import {
  planRecordSamples,
  type ShownFigures,
} from '../../../src/http/metrics/plan-record-samples.ts';
import { noFigures, someNames } from './some-figures.ts';

/** The samples of a metric as `labels value`. */
function samplesOf(metric: string, difference: Partial<ShownFigures>): string[] {
  const planned = planRecordSamples({ ...noFigures, ...difference }, someNames);
  return planned
    .filter((sample) => sample.metric === metric)
    .map(({ labels, value }) => `${labels.join(' ')} ${value}`);
}

test('where nothing has happened, what is known is 0, and no key has a verdict', () => {
  expect(samplesOf('keysweep_alerts', {})).toContain('siem failed 0');
  expect(samplesOf('keysweep_open_findings', {})).toEqual(['high stale 0']);
  expect(samplesOf('keysweep_last_sweep_timestamp_seconds', {})).toEqual(['nightly 0']);
  expect(samplesOf('keysweep_keys', {})).toEqual([]);
});

test('every sample has the labels of its metric', () => {
  for (const { metric, labels } of planRecordSamples(noFigures, someNames)) {
    expect(labels).toHaveLength(metrics[metric].labels.length);
  }
});

test('instants are seconds since 1970', () => {
  const schedule = {
    id: 'nightly',
    firstSeenAt: new Date(0),
    lastSweepAt: new Date('2026-11-29T02:40:00.500Z'),
    lastCompleteAt: new Date('2026-11-28T02:40:00Z'),
    waitingTicks: 2,
    missedTicks: 9,
  };
  const expected = new Map([['nightly', new Date('2026-11-28T02:30:00Z')]]);
  const difference = { schedules: [schedule], expected };
  const shown = (metric: string) => samplesOf(metric, difference)[0];
  expect(shown('keysweep_last_sweep_timestamp_seconds')).toBe('nightly 1795920000.5');
  expect(shown('keysweep_last_complete_sweep_timestamp_seconds')).toBe('nightly 1795833600');
  expect(shown('keysweep_expected_sweep_timestamp_seconds')).toBe('nightly 1795833000');
  expect(shown('keysweep_waiting_ticks')).toBe('nightly 2');
  expect(shown('keysweep_missed_ticks_total')).toBe('nightly 9');
});

test('names that the configuration does not have fall together, counts as their sum', () => {
  const openFindings = ['gone', 'older', 'stale'].map((rule) => {
    return { severity: 'high', rule, findings: 2 };
  });
  expect(samplesOf('keysweep_open_findings', { openFindings })).toEqual([
    'high stale 2',
    'high (other) 4',
  ]);
});

test('names that the configuration does not have fall together, waits as the longest', () => {
  const lags = ['one', 'two', 'siem'].map((channel, n) => ({ channel, lagMs: 5_000 - n * 1_000 }));
  expect(samplesOf('keysweep_outbox_lag_seconds', { lags })).toEqual(['siem 3', '(other) 5']);
});

test('sweeps on request have a label that no schedule can have', () => {
  const sweeps = [null, 'nightly', 'dropped'].map((schedule) => {
    return { schedule, status: 'complete' as const, sweeps: 3 };
  });
  const found = samplesOf('keysweep_sweeps', { sweeps }).filter((line) => line.endsWith(' 3'));
  expect(found).toEqual(['nightly complete 3', '(request) complete 3', '(other) complete 3']);
});
