import { sql } from 'kysely';
import type { Heartbeats } from '../../alert/alerts-config.ts';
import { heartbeatId } from '../../alert/destinations.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { WrittenAlert } from './write-alerts.ts';

/** What a monitor is called with about a schedule's sweep: it started, succeeded or failed. */
export type Heartbeat = 'start' | 'success' | 'fail';

/**
 * Puts a heartbeat call into the outbox, if the schedule has a heartbeat. A plain monitor can only be
 * told of success: it raises the alarm when that call does not come.
 */
export async function writeHeartbeat(
  tx: RecordsTransaction,
  heartbeat: Heartbeat,
  {
    schedule,
    sweepId,
    heartbeats,
  }: {
    readonly schedule: string | null;
    readonly sweepId: number | null;
    readonly heartbeats: Heartbeats;
  },
): Promise<readonly WrittenAlert[]> {
  const style = schedule === null ? undefined : heartbeats.get(schedule);
  if (schedule === null || style === undefined) return [];
  if (style === 'plain' && heartbeat !== 'success') return [];
  return tx
    .insertInto('alert')
    .values({
      sweep_id: sweepId,
      channel: heartbeatId(schedule),
      type: `heartbeat.${heartbeat}`,
      part: 1,
      parts: 1,
      format: 'heartbeat',
      body: heartbeat,
      planned_at: sql<Date>`clock_timestamp()`,
    })
    .returning(['id', 'channel'])
    .execute();
}
