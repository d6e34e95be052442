import { sql } from 'kysely';
import type { ReportSweep } from '../../report/model.ts';
import type { Database } from '../store/database.ts';

/** A sweep in a list: open or closed. */
export interface ListedSweep extends Omit<ReportSweep, 'status'> {
  readonly status: ReportSweep['status'] | 'open';
}

const most = 100;

interface Row extends Omit<ListedSweep, 'policy'> {
  readonly version: string;
  readonly hash: string;
}

/** The newest hundred sweeps, newest first. */
export async function listSweeps(database: Database): Promise<readonly ListedSweep[]> {
  const found = await sql<Row>`
    select s.uuid as id, s.trigger, s.schedule, s.due_at as "dueAt", s.opened_at as "openedAt",
      s.closed_at as "closedAt", coalesce(s.status, 'open') as status, s.scope, p.version, p.hash
    from keysweep.sweep s join keysweep.policy p on p.id = s.policy_id
    order by s.id desc limit ${most}
  `.execute(database.db);
  return found.rows.map(({ version, hash, ...sweep }) => ({ ...sweep, policy: { version, hash } }));
}
