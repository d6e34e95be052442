import { renderInstant } from '../../report/render-instant.ts';
import type { NextInstant } from '../../report/schedules-model.ts';
import { nextInstants } from '../../schedule/next-instants.ts';
import type { Examination } from '../examination.ts';
import type { ExaminedStore } from '../examine-store.ts';
import { type Line, notRun, well } from '../line.ts';
import { planLastSweep, planLastTick, planNext, planWaiting } from '../plan/plan-schedules.ts';

/** When each schedule is due next, and how old its last sweep is. */
export async function checkSchedules({ config, store, now }: Examination) {
  const examined = await store;
  const at = now();
  if (config.schedules.length === 0) return planWithoutSchedules(examined);
  return config.schedules.flatMap((schedule) => {
    const next = nextInstants(schedule, at, instantsAhead);
    return [planNext(schedule.id, next[0]), ...planPast(schedule.id, next, examined, at)];
  });
}

/** Enough to include a weekend. */
const instantsAhead = 10;

function planPast(
  id: string,
  next: readonly NextInstant[],
  store: ExaminedStore,
  now: Date,
): readonly Line[] {
  if (store.kind === 'none') return [planLastSweep({ id, lastSweepAt: null }, next, now)];
  if (store.kind !== 'read') {
    return [notRun(`${id}: last sweep`, 'the store cannot be read', 'mend the store first')];
  }
  return store.facts.schedules
    .filter((facts) => facts.id === id)
    .flatMap((facts) => [
      planLastSweep(facts, next, now),
      ...planLastTick(facts),
      ...planWaiting(facts),
    ]);
}

function planWithoutSchedules(store: ExaminedStore): readonly Line[] {
  const last = store.kind === 'read' ? store.facts.lastFullSweepAt : null;
  const ended = last === null ? '' : `; the last full one closed at ${renderInstant(last)}`;
  return [well('schedules', `no schedules: sweeps run on request${ended}`)];
}
