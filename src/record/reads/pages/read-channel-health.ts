import { sql } from 'kysely';
import type { Database } from '../../store/database.ts';

/** How the alerts of a channel fared of late. */
export interface ChannelHealth {
  readonly channel: string;
  readonly pending: number;
  readonly oldestPending: Date | null;
  readonly failed: number;
  readonly lastDelivered: Date | null;
  /** Why the newest alert that is not delivered failed. */
  readonly detail: string | null;
}

/** An outbox keeps years of alerts. */
const newest = 500;

/** The channels that had alerts of late: of those pending, and of the newest 500. */
export async function readChannelHealth({ db }: Database): Promise<readonly ChannelHealth[]> {
  const { rows } = await sql<ChannelHealth>`
    with late as materialized (
      (select id from keysweep.alert order by place desc limit ${newest})
      union (select id from keysweep.alert where state = 'pending' order by place limit ${newest})
    )
    select a.channel,
      count(*) filter (where a.state = 'pending')::integer as pending,
      min(a.planned_at) filter (where a.state = 'pending') as "oldestPending",
      count(*) filter (where a.state = 'failed')::integer as failed,
      max(a.ended_at) filter (where a.state = 'delivered') as "lastDelivered",
      (array_agg(a.detail order by a.place desc)
        filter (where a.state in ('pending', 'failed') and a.detail is not null))[1] as detail
    from late join keysweep.alert a on a.id = late.id group by a.channel order by a.channel
  `.execute(db);
  return rows;
}
