import { planSpacing } from '../../../src/sources/limit/plan-spacing.ts';
import type { Scenario } from './scenario.ts';
import { createStation, type Station } from './station.ts';

/** What can saturate. */
export const stationNames = [
  'limit of a source',
  'slots of a source',
  'worker, thread of sources',
  'worker, main thread',
  'worker, network',
  'connections of a worker',
  'PostgreSQL, processors',
  'PostgreSQL, row of the sweep',
  'PostgreSQL, disk',
  'PostgreSQL, network',
  'Redis, queue',
] as const;
export type StationName = (typeof stationNames)[number];

/** Everything in the way of a batch, each with its own line. */
export function openStations(scenario: Scenario) {
  const { sources, workers, sharedCores, databases } = scenario;
  const host = sharedCores === undefined ? undefined : createStation('host', sharedCores);
  const open = (name: StationName, servers = 1) => createStation(name, servers);
  const onHost = (name: StationName, servers = 1) => createStation(name, servers, host);
  const limits = sources.map(() => open('limit of a source'));
  const intervals = sources.map(({ perSecond }) =>
    Number.isFinite(perSecond) ? planSpacing({ requests: perSecond, perMs: 1_000 }).intervalMs : 0,
  );
  const slots = Array.from({ length: workers }, () => sources.map(() => open('slots of a source')));
  const ofWorkers = slots.map((ofSources) => ({
    slots: (source: number) => at(ofSources, source),
    asking: onHost('worker, thread of sources'),
    main: onHost('worker, main thread'),
    network: open('worker, network'),
    connections: open('connections of a worker', scenario.connections),
  }));
  const ofDatabases = Array.from({ length: databases }, () => ({
    processors: onHost('PostgreSQL, processors', scenario.databaseCores),
    row: open('PostgreSQL, row of the sweep'),
    disk: open('PostgreSQL, disk'),
    network: open('PostgreSQL, network'),
  }));
  const slotsMs = (source: number) => slots.reduce((sum, own) => sum + at(own, source).busyMs(), 0);
  const redis = onHost('Redis, queue');
  const vendor = host && createStation('vendor', 1, host);
  const all: readonly Station[] = [
    ...limits,
    ...slots.flat(),
    ...ofWorkers.flatMap(({ slots: _, ...others }) => Object.values(others)),
    ...ofDatabases.flatMap((one) => Object.values(one)),
    redis,
  ];
  return {
    ...{ redis, vendor },
    limit: (source: number) => at(limits, source),
    intervalMs: (source: number) => at(intervals, source),
    ofWorker: (worker: number) => at(ofWorkers, worker),
    database: (source: number) => at(ofDatabases, source % databases),
    /** The busiest of each kind in a run of this length. `asked`: by source. */
    use(runMs: number, asked: readonly AskedTimes[]): Readonly<Record<StationName, number>> {
      const busiest = stationNames.map((name) => {
        const found = all.filter((one) => one.name === name);
        return [name, Math.max(0, ...found.map((one) => one.useOver(runMs)))] as const;
      });
      const ofSources = asked.map(({ askedMs, workersMs }, source) => ({
        limit: askedMs === 0 ? 0 : at(limits, source).busyMs() / askedMs,
        slots: workersMs === 0 ? 0 : slotsMs(source) / workersMs,
      }));
      return {
        ...(Object.fromEntries(busiest) as Record<StationName, number>),
        'limit of a source': Math.max(...ofSources.map(({ limit }) => limit)),
        'slots of a source': Math.max(...ofSources.map(({ slots }) => slots)),
      };
    },
  };
}

export type Stations = ReturnType<typeof openStations>;

/** How long a source was asked, and the sum of that over the workers that asked it. */
export interface AskedTimes {
  readonly askedMs: number;
  readonly workersMs: number;
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`there is no ${index}`);
  return found;
}
