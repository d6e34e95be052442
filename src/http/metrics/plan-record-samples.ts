import type { RecordFigures } from '../../record/reads/figures/create-record-figures.ts';
import { alertStates } from '../../report/alerts-model.ts';
import type { LabelNames } from './label-names.ts';
import { boundBy, onRequest, planSamples, type Sample, zeros } from './plan-samples.ts';

/** The figures, and per schedule the newest tick whose deadline has passed. */
export interface ShownFigures extends RecordFigures {
  readonly expected: ReadonlyMap<string, Date>;
}

const statuses = ['open', 'complete', 'incomplete'];
const verdicts = ['pass', 'fail', 'waived', 'unknown'];

/** What `/metrics` shows of the records. */
export function planRecordSamples(figures: ShownFigures, names: LabelNames): readonly Sample[] {
  return [
    ...planSweeps(figures, names),
    ...planSchedules(figures, names),
    ...planSources(figures, names),
    ...planFindings(figures, names),
    ...planAlerts(figures, names),
  ];
}

function planSweeps({ sweeps, held }: ShownFigures, names: LabelNames): readonly Sample[] {
  const known = boundBy(names.schedules);
  const label = (schedule: string | null) => (schedule === null ? onRequest : known(schedule));
  return [
    ...planSamples('keysweep_sweeps', [
      ...zeros([...names.schedules, onRequest], statuses),
      ...sweeps.map((row) => [[label(row.schedule), row.status], row.sweeps] as const),
    ]),
    ...planSamples('keysweep_held_sweeps', [
      ...zeros([...names.schedules, onRequest]),
      ...held.map((row) => [[label(row.schedule)], row.sweeps] as const),
    ]),
  ];
}

/** Schedules that the configuration does not have any more are left out. */
function planSchedules(
  { schedules, expected }: ShownFigures,
  names: LabelNames,
): readonly Sample[] {
  const seen = new Map(schedules.map((schedule) => [schedule.id, schedule]));
  return names.schedules.flatMap((id): readonly Sample[] => {
    const schedule = seen.get(id);
    const labels = [id];
    return [
      {
        metric: 'keysweep_last_complete_sweep_timestamp_seconds',
        labels,
        value: toSeconds(schedule?.lastCompleteAt),
      },
      {
        metric: 'keysweep_last_sweep_timestamp_seconds',
        labels,
        value: toSeconds(schedule?.lastSweepAt),
      },
      {
        metric: 'keysweep_expected_sweep_timestamp_seconds',
        labels,
        value: toSeconds(expected.get(id)),
      },
      { metric: 'keysweep_waiting_ticks', labels, value: schedule?.waitingTicks ?? 0 },
      { metric: 'keysweep_missed_ticks_total', labels, value: schedule?.missedTicks ?? 0 },
    ];
  });
}

function planSources(figures: ShownFigures, { sources }: LabelNames): readonly Sample[] {
  const known = boundBy(sources);
  const { keys, pending, refusedSources, waits } = figures;
  return [
    ...planSamples('keysweep_keys', [
      ...(keys.length === 0 ? [] : zeros(sources, verdicts)),
      ...keys.map((row) => [[known(row.source), row.verdict], row.keys] as const),
    ]),
    ...planSamples('keysweep_pending_keys', [
      ...zeros(sources),
      ...pending.map((row) => [[known(row.source)], row.keys] as const),
    ]),
    ...planSamples(
      'keysweep_source_refused',
      [...zeros(sources), ...refusedSources.map((source) => [[known(source)], 1] as const)],
      'largest',
    ),
    ...planSamples(
      'keysweep_source_wait_seconds',
      [
        ...zeros(sources),
        ...waits.map((row) => [[known(row.source)], row.waitMs / 1_000] as const),
      ],
      'largest',
    ),
  ];
}

function planFindings({ openFindings }: ShownFigures, { rules }: LabelNames): readonly Sample[] {
  const known = boundBy(rules.keys());
  return planSamples('keysweep_open_findings', [
    ...[...rules].map(([rule, severity]) => [[severity, rule], 0] as const),
    ...openFindings.map((row) => [[row.severity, known(row.rule)], row.findings] as const),
  ]);
}

function planAlerts({ alerts, lags }: ShownFigures, names: LabelNames): readonly Sample[] {
  const { channels, channelOf } = names;
  return [
    ...planSamples('keysweep_alerts', [
      ...zeros(channels, alertStates),
      ...alerts.map((row) => [[channelOf(row.channel), row.state], row.alerts] as const),
    ]),
    ...planSamples(
      'keysweep_outbox_lag_seconds',
      [
        ...zeros(channels),
        ...lags.map((row) => [[channelOf(row.channel)], row.lagMs / 1_000] as const),
      ],
      'largest',
    ),
  ];
}

function toSeconds(at: Date | null | undefined): number {
  return at == null ? 0 : at.getTime() / 1_000;
}
