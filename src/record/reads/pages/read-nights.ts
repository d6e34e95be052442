import { sql } from 'kysely';
import type { VerdictCounts } from '../../../report/model.ts';
import type { Database } from '../../store/database.ts';

/** A closed full sweep, as a chart of nights shows it. */
export interface NightSweep extends VerdictCounts {
  readonly id: string;
  /** When it was due; when it opened, if nothing was due. */
  readonly at: Date;
  readonly closedAt: Date;
  readonly status: 'complete' | 'incomplete';
  readonly tracked: number;
  readonly simulated: boolean;
}

/** Ticks of one schedule that brought no sweep, from `first` to `last`. */
export interface LostTicks {
  readonly schedule: string;
  readonly outcome: 'missed' | 'skipped';
  readonly first: Date;
  readonly last: Date;
  readonly simulated: boolean;
}

export interface PastNights {
  /** In the order of their closing. */
  readonly sweeps: readonly NightSweep[];
  readonly lost: readonly LostTicks[];
}

/** What became of the nights since an instant. */
export async function readNights({ db }: Database, since: Date): Promise<PastNights> {
  const sweeps = await sql<NightSweep>`
    select s.uuid as id, coalesce(s.due_at, s.opened_at) as at, s.closed_at as "closedAt",
      s.status, s.tracked, s.simulated, s.pass, s.fail, s.waived, s.unknown
    from keysweep.sweep s where s.scope = 'full' and s.closed_at >= ${since}
    order by s.closed_at, s.id
  `.execute(db);
  const lost = await sql<LostTicks>`
    select schedule, outcome, coalesce(first_due_at, due_at) as first, due_at as last,
      simulated
    from keysweep.tick where outcome in ('missed', 'skipped') and due_at >= ${since}
    order by due_at
  `.execute(db);
  return { sweeps: sweeps.rows, lost: lost.rows };
}
