import type { LabelNames } from '../../../src/http/metrics/label-names.ts';
import type { ShownFigures } from '../../../src/http/metrics/plan-record-samples.ts';

/** The figures of an installation where nothing has happened. */
export const noFigures: ShownFigures = {
  now: new Date('2026-11-29T12:00:00Z'),
  sweeps: [],
  schedules: [],
  held: [],
  keys: [],
  pending: [],
  refusedSources: [],
  waits: [],
  openFindings: [],
  alerts: [],
  lags: [],
  expected: new Map(),
};

export const someNames: LabelNames = {
  sources: ['prod'],
  schedules: ['nightly'],
  channels: ['siem'],
  rules: new Map([['stale', 'high']]),
  channelOf: (channel) => (channel === 'siem' ? 'siem' : '(other)'),
};
