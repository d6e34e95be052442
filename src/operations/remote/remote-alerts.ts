import type { RetriedAlerts } from '../../record/outbox/retry-alert.ts';
import type { WrittenAlert } from '../../record/outbox/write-alerts.ts';
import type { AlertsFilter } from '../../record/reads/read-alerts.ts';
import type { AlertOutcome, HeldSweep, ListedAlert } from '../../report/alerts-model.ts';
import type { AlertOperations } from '../operations.ts';
import { type HolderApi, olderHolder } from './ask-holder.ts';

type Instants<T, Names extends keyof T> = Omit<T, Names> & { readonly [N in Names]: string };
type AlertJson = Instants<ListedAlert, 'plannedAt'> & {
  readonly nextAt: string | null;
  readonly endedAt: string | null;
};
type HeldJson = Instants<HeldSweep, 'openedAt'>;
type OutcomeJson = Omit<AlertOutcome, 'left'> & { readonly left: readonly AlertJson[] };

/** What may be asked about alerts, of the process that holds the embedded store. */
export function createRemoteAlerts({ get, post }: HolderApi): AlertOperations {
  return {
    async *readAlerts(filter) {
      const found = await get<{ alerts: AlertJson[] }>(`/alerts?${queryOf(filter)}`);
      if (found === undefined) throw olderHolder();
      yield* found.alerts.map(reviveAlert);
    },
    async readHeldSweeps() {
      const found = await get<{ held: HeldJson[] }>('/held-sweeps');
      return (found?.held ?? []).map((held) => ({ ...held, openedAt: new Date(held.openedAt) }));
    },
    retryAlerts: (request) => post<RetriedAlerts>('/alerts/retries', request),
    async readOutcome(ids, withinMs) {
      const { left, ...counts } = await post<OutcomeJson>('/alerts/outcomes', { ids, withinMs });
      return { ...counts, left: left.map(reviveAlert) };
    },
    async releaseSweep(sweepId) {
      const path = `/sweeps/${encodeURIComponent(sweepId)}/release`;
      return (await post<{ alerts: WrittenAlert[] }>(path, {})).alerts;
    },
  };
}

function queryOf({ states, channel, sweep, limit }: AlertsFilter): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const state of states) query.append('state', state);
  if (channel !== undefined) query.set('channel', channel);
  if (sweep !== undefined) query.set('sweep', sweep);
  return query;
}

function reviveAlert({ plannedAt, nextAt, endedAt, ...alert }: AlertJson): ListedAlert {
  return {
    ...alert,
    plannedAt: new Date(plannedAt),
    nextAt: nextAt === null ? null : new Date(nextAt),
    endedAt: endedAt === null ? null : new Date(endedAt),
  };
}
