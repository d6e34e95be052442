import { sql } from 'kysely';
import { type Coverage, toCoverage } from '../../../keys/coverage.ts';
import type { ReportSweep, VerdictCounts } from '../../../report/model.ts';
import type { Database } from '../../store/database.ts';

/** The full sweep that closed last, with its counts. `row`: its row, for further reads. */
export interface LastSweep extends Omit<ReportSweep, 'policy'> {
  readonly row: number;
  readonly coverage: Coverage;
  readonly verdicts: VerdictCounts;
  readonly version: string;
}

interface Row extends Omit<LastSweep, 'coverage' | 'verdicts'>, VerdictCounts {
  readonly tracked: number;
  readonly partial: number;
}

export async function readLastSweep({ db }: Database): Promise<LastSweep | undefined> {
  const { rows } = await sql<Row>`
    select s.id as row, s.uuid as id, s.trigger, s.schedule, s.due_at as "dueAt",
      s.opened_at as "openedAt", s.closed_at as "closedAt", s.status, s.scope, s.tracked,
      s.pass, s.fail, s.waived, s.unknown, s.partial, p.version
    from keysweep.sweep s
    join keysweep.policy p on p.id = s.policy_id
    where s.scope = 'full' and s.closing is not null order by s.closing desc limit 1
  `.execute(db);
  const [found] = rows;
  if (found === undefined) return undefined;
  const { pass, fail, waived, unknown, tracked, partial, ...sweep } = found;
  return {
    ...sweep,
    coverage: toCoverage({ tracked, unknown, partial }),
    verdicts: { pass, fail, waived, unknown },
  };
}

/** A sweep that has not closed, and how far it has come. */
export interface OpenSweep {
  readonly id: string;
  readonly scope: ReportSweep['scope'];
  readonly openedAt: Date;
  readonly tracked: number;
  readonly pending: number;
}

const mostOpen = 5;

/** The sweeps that run, newest first; five at most. */
export async function readOpenSweeps({ db }: Database): Promise<readonly OpenSweep[]> {
  const { rows } = await sql<OpenSweep>`
    select s.uuid as id, s.scope, s.opened_at as "openedAt", s.tracked, (
      select coalesce(sum(b.pending), 0)::integer from keysweep.sweep_batch b
      where b.sweep_id = s.id
    ) as pending
    from keysweep.sweep s where s.closed_at is null order by s.id desc limit ${mostOpen}
  `.execute(db);
  return rows;
}
