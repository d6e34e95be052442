/** Where the samples of a metric come from. */
export type MetricPart = 'records' | 'queue' | 'process';

interface Metric {
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly part: MetricPart;
  readonly labels: readonly string[];
  readonly help: string;
}

/** Every metric of our own, in the order of docs/metrics.md. */
export const metrics = {
  keysweep_build_info: {
    type: 'gauge',
    part: 'process',
    labels: ['version', 'node', 'store', 'queue'],
    help: 'Always 1; the labels say what runs.',
  },
  keysweep_figures_up: {
    type: 'gauge',
    part: 'process',
    labels: ['part'],
    help: 'Whether the figures of the records and of the queue could be read; those of a part that is 0 are left out.',
  },
  keysweep_sweeps: {
    type: 'gauge',
    part: 'records',
    labels: ['schedule', 'status'],
    help: 'Sweeps that are kept: open, complete or incomplete.',
  },
  keysweep_last_complete_sweep_timestamp_seconds: {
    type: 'gauge',
    part: 'records',
    labels: ['schedule'],
    help: 'When the newest complete sweep of the schedule closed; 0 if there is none.',
  },
  keysweep_last_sweep_timestamp_seconds: {
    type: 'gauge',
    part: 'records',
    labels: ['schedule'],
    help: 'When the newest closed sweep of the schedule closed; 0 if there is none.',
  },
  keysweep_expected_sweep_timestamp_seconds: {
    type: 'gauge',
    part: 'records',
    labels: ['schedule'],
    help: 'The newest tick whose deadline has passed: a sweep must have closed since. 0 if there is none yet.',
  },
  keysweep_waiting_ticks: {
    type: 'gauge',
    part: 'records',
    labels: ['schedule'],
    help: 'Ticks that wait to be opened, because the sweep before them is open or nobody opens them.',
  },
  keysweep_missed_ticks_total: {
    type: 'counter',
    part: 'records',
    labels: ['schedule'],
    help: 'Ticks that were missed.',
  },
  keysweep_held_sweeps: {
    type: 'gauge',
    part: 'records',
    labels: ['schedule'],
    help: 'Sweeps whose alerts are held, because too much changed.',
  },
  keysweep_keys: {
    type: 'gauge',
    part: 'records',
    labels: ['source', 'verdict'],
    help: 'Keys of the full sweep that closed last, by verdict.',
  },
  keysweep_pending_keys: {
    type: 'gauge',
    part: 'records',
    labels: ['source'],
    help: 'Keys without a verdict yet, in open sweeps.',
  },
  keysweep_open_findings: {
    type: 'gauge',
    part: 'records',
    labels: ['severity', 'rule'],
    help: 'Open findings; waived ones do not count.',
  },
  keysweep_source_refused: {
    type: 'gauge',
    part: 'records',
    labels: ['source'],
    help: '1 if the source refused our credentials in the full sweep that closed last, or in an open one.',
  },
  keysweep_source_wait_seconds: {
    type: 'gauge',
    part: 'records',
    labels: ['source'],
    help: 'For how long the source still wants us to stay away; 0 if it does not.',
  },
  keysweep_alerts: {
    type: 'gauge',
    part: 'records',
    labels: ['channel', 'state'],
    help: 'Alerts that are kept: pending, delivered, failed or superseded.',
  },
  keysweep_outbox_lag_seconds: {
    type: 'gauge',
    part: 'records',
    labels: ['channel'],
    help: 'How long the oldest pending alert has waited; 0 if none is pending.',
  },
  keysweep_queue_jobs: {
    type: 'gauge',
    part: 'queue',
    labels: ['queue', 'state'],
    help: 'Jobs that wait, are active, are delayed, or failed and are kept.',
  },
  keysweep_queue_wait_seconds: {
    type: 'gauge',
    part: 'queue',
    labels: ['queue'],
    help: 'How long the job that runs next has waited; 0 if none waits.',
  },
  keysweep_worker_processes: {
    type: 'gauge',
    part: 'process',
    labels: [],
    help: 'Processes that work in this `start`; those that wait to be started again do not count.',
  },
  keysweep_vendor_request_duration_seconds: {
    type: 'histogram',
    part: 'process',
    labels: ['source'],
    help: 'How long requests to the vendor took, to the end of the answer or its absence.',
  },
  keysweep_vendor_requests_total: {
    type: 'counter',
    part: 'process',
    labels: ['source', 'outcome'],
    help: 'Requests to the vendor: by class of status (429 by itself), timeout, or failed without an answer.',
  },
  keysweep_rate_limit_waits_total: {
    type: 'counter',
    part: 'process',
    labels: ['source'],
    help: 'Waits for the rate limit of the source.',
  },
  keysweep_rate_limit_wait_seconds_total: {
    type: 'counter',
    part: 'process',
    labels: ['source'],
    help: 'Time in waits for the rate limit, of all waiting requests together.',
  },
  keysweep_source_paused: {
    type: 'gauge',
    part: 'process',
    labels: ['source'],
    help: '1 if one of these processes has paused the source because it answered nobody; it is probed when it is asked again.',
  },
  keysweep_source_pauses_total: {
    type: 'counter',
    part: 'process',
    labels: ['source'],
    help: 'Pauses of the source, in each of these processes.',
  },
  keysweep_deliveries_total: {
    type: 'counter',
    part: 'process',
    labels: ['channel', 'outcome'],
    help: 'Attempts to deliver: delivered, passing (tried again) or permanent (given up).',
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;
