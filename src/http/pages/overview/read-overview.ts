import type { Config } from '../../../config/config.ts';
import { readChannelHealth } from '../../../record/reads/pages/read-channel-health.ts';
import {
  type FleetGroup,
  readFleetGroups,
  readFleetKeys,
} from '../../../record/reads/pages/read-fleet.ts';
import { readLastSweep, readOpenSweeps } from '../../../record/reads/pages/read-last-sweep.ts';
import {
  type NightChanges,
  readNightChanges,
} from '../../../record/reads/pages/read-night-changes.ts';
import { readNights } from '../../../record/reads/pages/read-nights.ts';
import { readOpenFindings } from '../../../record/reads/pages/read-open-findings.ts';
import {
  readPausedSources,
  readScheduleHealth,
} from '../../../record/reads/pages/read-schedule-health.ts';
import { readHeldSweeps } from '../../../record/reads/read-alerts.ts';
import type { Database } from '../../../record/store/database.ts';
import { nextInstants } from '../../../schedule/next-instants.ts';
import { planNights } from '../nights/plan-nights.ts';
import type { PageMeans } from '../page-entry.ts';
import type { OverviewModel, ShownChannel, ShownSchedule, ShownSource } from './overview-model.ts';
import { type FleetGrouping, planGroupMap, planKeyMap } from './plan-fleet.ts';

const shownNights = 90;
const shownChanges = 12;
/** Above this many keys the map has one cell a group. */
const mostCells = 2_000;
const mostGroups = 200;
const dayMs = 86_400_000;

export async function readOverview(
  { database, config }: PageMeans,
  now: Date,
  by: FleetGrouping,
): Promise<OverviewModel> {
  const since = new Date(now.getTime() - (shownNights + 1) * dayMs);
  const timezone = config.schedules[0]?.timezone ?? 'UTC';
  const last = await readLastSweep(database);
  const [running, held, past, groups, open, schedules, channels] = await Promise.all([
    readOpenSweeps(database),
    readHeldSweeps(database),
    readNights(database, since),
    readFleetGroups(database),
    readOpenFindings(database, now),
    readSchedules(database, config, now),
    readChannels(database, config),
  ]);
  return {
    ...{ now, keys: config.inventory.count, last, running, held, timezone, open },
    changes:
      last === undefined ? noChanges : await readNightChanges(database, last.row, shownChanges),
    nights: planNights(past, { timezone, now, days: shownNights }),
    fleet: await readFleetMap(database, groups, by),
    ...{ schedules, channels },
    sources: await readSources(database, config, groups),
  };
}

const noChanges: NightChanges = {
  counts: { opened: 0, reopened: 0, lapsed: 0, resolved: 0, waived: 0 },
  first: [],
};

async function readFleetMap(database: Database, groups: readonly FleetGroup[], by: FleetGrouping) {
  const swept = groups.reduce((total, { keys }) => total + keys, 0);
  if (swept > mostCells) return planGroupMap(groups, by, mostGroups);
  const keys = await readFleetKeys(database, mostCells + 1);
  return keys.length > mostCells ? planGroupMap(groups, by, mostGroups) : planKeyMap(keys, by);
}

async function readSchedules(
  database: Database,
  { schedules }: Config,
  now: Date,
): Promise<readonly ShownSchedule[]> {
  const ids = schedules.map(({ id }) => id);
  const health = await readScheduleHealth(database, ids);
  return schedules.flatMap((schedule, at) => {
    const { cron, timezone } = schedule;
    const known = health[at];
    const next = nextInstants(schedule, now, 1)[0]?.at;
    return known === undefined ? [] : [{ ...known, cron, timezone, next }];
  });
}

async function readSources(
  database: Database,
  { sources }: Config,
  groups: readonly FleetGroup[],
): Promise<readonly ShownSource[]> {
  const pauses = new Map((await readPausedSources(database)).map((one) => [one.source, one]));
  return sources.map(({ id, type }) => {
    const own = groups.filter(({ source }) => source === id);
    const count = (some: readonly FleetGroup[]) => some.reduce((sum, { keys }) => sum + keys, 0);
    const unknown = count(own.filter(({ verdict }) => verdict === 'unknown'));
    return { id, type, keys: count(own), unknown, pause: pauses.get(id) };
  });
}

async function readChannels(
  database: Database,
  { alerts }: Config,
): Promise<readonly ShownChannel[]> {
  const health = new Map((await readChannelHealth(database)).map((one) => [one.channel, one]));
  return alerts.channels.map(({ id, type }) => ({ id, type, health: health.get(id) }));
}
