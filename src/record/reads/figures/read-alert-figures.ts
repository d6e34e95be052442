import { sql } from 'kysely';
import type { AlertState } from '../../../report/alerts-model.ts';
import type { Database } from '../../store/database.ts';

export interface AlertFigures {
  /** Alerts that are kept. */
  readonly alerts: readonly {
    readonly channel: string;
    readonly state: AlertState;
    readonly alerts: number;
  }[];
  /** How long the oldest pending alert of each channel has waited. */
  readonly lags: readonly { readonly channel: string; readonly lagMs: number }[];
}

export async function readAlertFigures({ db }: Database): Promise<AlertFigures> {
  const alerts = await sql<AlertFigures['alerts'][number]>`
    select channel, state, count(*)::integer as alerts from keysweep.alert group by channel, state
  `.execute(db);
  const lags = await sql<AlertFigures['lags'][number]>`
    select channel,
      (extract(epoch from clock_timestamp() - min(planned_at)) * 1000)::float8 as "lagMs"
    from keysweep.alert where state = 'pending' group by channel
  `.execute(db);
  return { alerts: alerts.rows, lags: lags.rows };
}
