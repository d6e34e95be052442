import { sql } from 'kysely';
import { heartbeatId } from '../../alert/destinations.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { WrittenAlert } from './write-alerts.ts';

/** What a monitor is called with about a schedule's sweep: it started, succeeded or failed. */
export type Heartbeat = 'start' | 'success' | 'fail';

/** Puts a heartbeat call into the outbox, if the schedule has a heartbeat. */
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
    readonly heartbeats: ReadonlySet<string>;
  },
): Promise<readonly WrittenAlert[]> {
  if (schedule === null || !heartbeats.has(schedule)) return [];
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
