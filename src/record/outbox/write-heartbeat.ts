import { sql } from 'kysely';
import type { Heartbeats } from '../../alert/alerts-config.ts';
import { heartbeatId } from '../../alert/destinations.ts';
import { tellCheckpoint } from '../../evidence/log/told-checkpoint.ts';
import { readNewestCheckpoint } from '../log/checkpoints.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { WrittenAlert } from './write-alerts.ts';

/** What a monitor is called with about a schedule's sweep: it started, succeeded or failed. */
export type Heartbeat = 'start' | 'success' | 'fail';

/**
 * Puts a heartbeat call into the outbox, if the schedule has a heartbeat. A plain monitor can only be
 * told of success: it raises the alarm when that call does not come. The others are also told the
 * newest checkpoint of the evidence log, if it is signed.
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
  const newest = style === 'plain' ? undefined : await readNewestCheckpoint(tx);
  const told = newest === undefined ? [] : [tellCheckpoint(newest.note)];
  return tx
    .insertInto('alert')
    .values({
      sweep_id: sweepId,
      channel: heartbeatId(schedule),
      type: `heartbeat.${heartbeat}`,
      part: 1,
      parts: 1,
      format: 'heartbeat',
      body: [heartbeat, ...told].join('\n'),
      planned_at: sql<Date>`clock_timestamp()`,
    })
    .returning(['id', 'channel'])
    .execute();
}
