import type { Hono } from 'hono';
import type { Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import { createMetrics } from '../http/metrics/create-metrics.ts';
import { createRegistry } from '../http/metrics/create-registry.ts';
import { labelNamesOf } from '../http/metrics/label-names.ts';
import { countWork, startAtZero, type WorkCounts } from '../http/metrics/note-work.ts';
import { planQueueSamples } from '../http/metrics/plan-queue-samples.ts';
import { planRecordSamples } from '../http/metrics/plan-record-samples.ts';
import { type SharingTimes, shareRead } from '../http/metrics/share-read.ts';
import type { Queues } from '../queue/queues.ts';
import { createRecordFigures } from '../record/reads/figures/create-record-figures.ts';
import type { SweepFigures } from '../record/reads/figures/read-sweep-figures.ts';
import type { Database } from '../record/store/database.ts';
import { lastDue } from '../schedule/last-due.ts';

/** The metrics of a process that serves them. */
export interface Metrics {
  readonly work: WorkCounts;
  /** `/metrics`. */
  serve(reads: MetricsReads): Hono;
}

/** What the figures are read from. `config`: the one in use; its policy may change. */
export interface MetricsReads {
  readonly database: Database;
  readonly figures: Queues['figures'];
  readonly config: () => Config;
}

/** Prometheus gives up after ten seconds unless told otherwise, and asks every 15 to 60 s. */
const sharing: SharingTimes = { keptMs: 10_000, mostMs: 4_000 };

export function openMetrics(config: Config): Metrics {
  const registry = createRegistry();
  const names = labelNamesOf(config);
  const { store, queue } = config;
  const runs = [version(), process.version, store.kind, queue.kind];
  registry.set('keysweep_build_info', runs, 1);
  startAtZero(registry, names);
  return {
    work: countWork(registry, names),
    serve({ database, figures: readQueues, config: current }) {
      const readRecords = createRecordFigures(database);
      const records = async () => {
        const figures = await readRecords();
        const expected = expectedSweeps(current(), figures);
        return planRecordSamples({ ...figures, expected }, labelNamesOf(current()));
      };
      const queueSamples = async () => planQueueSamples(await readQueues());
      return createMetrics(registry, [
        { part: 'records', read: shareRead(records, sharing) },
        { part: 'queue', read: shareRead(queueSamples, sharing) },
      ]);
    },
  };
}

/** Per schedule, the newest tick since it was first seen whose deadline has passed. */
function expectedSweeps(
  { schedules }: Pick<Config, 'schedules'>,
  { schedules: seen, now }: SweepFigures,
): ReadonlyMap<string, Date> {
  const firstSeen = new Map(seen.map(({ id, firstSeenAt }) => [id, firstSeenAt]));
  return new Map(
    schedules.flatMap((schedule) => {
      const after = firstSeen.get(schedule.id);
      if (after === undefined) return [];
      const due = lastDue(schedule, after, new Date(now.getTime() - schedule.deadlineMs));
      return due === undefined ? [] : [[schedule.id, due]];
    }),
  );
}
