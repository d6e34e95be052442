import { sql } from 'kysely';
import { toCoverage } from '../../keys/coverage.ts';
import type { ListedSweep, VerdictCounts } from '../../report/model.ts';
import { markSimulated } from '../../report/simulated.ts';
import type { Database } from '../store/database.ts';

interface Row
  extends Omit<ListedSweep, 'policy' | 'coverage' | 'verdicts' | 'simulated'>,
    VerdictCounts {
  readonly simulated: boolean;
  readonly place: number;
  readonly partial: number;
  readonly version: string;
  readonly hash: string;
}

const pageSize = 1_000;

/** The newest `limit` sweeps, newest first, read in pages, because a store keeps years of them. */
export async function* listSweeps(database: Database, limit: number): AsyncIterable<ListedSweep> {
  let before: number | null = null;
  for (let left = limit; left > 0; left -= pageSize) {
    const size = Math.min(pageSize, left);
    const rows = await readPage(database, before, size);
    yield* rows.map(toListed);
    before = rows.at(-1)?.place ?? null;
    if (rows.length < size) return;
  }
}

async function readPage(
  database: Database,
  before: number | null,
  size: number,
): Promise<readonly Row[]> {
  const found = await sql<Row>`
    with page as materialized (
      select * from keysweep.sweep where ${before}::integer is null or id < ${before}::integer
      order by id desc limit ${size}
    )
    select s.id as place, s.uuid as id, s.trigger, s.schedule, s.due_at as "dueAt",
      s.opened_at as "openedAt", s.closed_at as "closedAt", s.stopped_at as "stoppedAt",
      coalesce(s.status, 'open') as status, s.scope, s.tracked, s.pass, s.fail, s.waived,
      s.unknown, s.partial, s.simulated, p.version, p.hash, case when s.closed_at is null then (
        select coalesce(sum(b.pending), 0)::integer from keysweep.sweep_batch b
        where b.sweep_id = s.id
      ) else 0 end as pending
    from page s join keysweep.policy p on p.id = s.policy_id order by s.id desc
  `.execute(database.db);
  return found.rows;
}

function toListed(row: Row): ListedSweep {
  const { place: _, version, hash, pass, fail, waived, unknown, partial, ...rest } = row;
  const { simulated, ...sweep } = rest;
  const open = row.closedAt === null;
  return {
    ...sweep,
    policy: { version, hash },
    coverage: open ? null : toCoverage(row),
    verdicts: open ? null : { pass, fail, waived, unknown },
    ...markSimulated(simulated),
  };
}
