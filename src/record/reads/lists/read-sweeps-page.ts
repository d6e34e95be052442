import { sql } from 'kysely';
import { z } from 'zod';
import { toCoverage } from '../../../keys/coverage.ts';
import type { ListedSweep, VerdictCounts } from '../../../report/model.ts';
import { markSimulated } from '../../../report/simulated.ts';
import type { Database } from '../../store/database.ts';
import { createCursors } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';
import { allOf, anyOf } from './key-filter.ts';

/** Selects sweeps; each list holds alternatives. */
export interface SweepsFilter {
  readonly schedule?: readonly string[] | undefined;
  readonly status?: readonly ListedSweep['status'][] | undefined;
  readonly scope?: readonly ListedSweep['scope'][] | undefined;
  readonly trigger?: readonly ListedSweep['trigger'][] | undefined;
}

interface Row
  extends Omit<ListedSweep, 'policy' | 'coverage' | 'verdicts' | 'simulated'>,
    VerdictCounts {
  readonly simulated: boolean;
  readonly place: number;
  readonly partial: number;
  readonly version: string;
  readonly hash: string;
}

const cursors = createCursors<readonly [number]>('sweeps', z.tuple([z.int32()]));

/** A page of sweeps, newest first, open or closed. */
export async function readSweepsPage(
  database: Database,
  filter: SweepsFilter,
  { limit, cursor }: PageAsked,
): Promise<Page<ListedSweep>> {
  const place = cursors.read(cursor);
  const before = place === undefined ? [] : [sql`id < ${place[0]}`];
  const found = await sql<Row>`
    with page as materialized (
      select * from keysweep.sweep where ${allOf([...before, ...sweepConditions(filter)])}
      order by id desc limit ${limit + 1}
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
  return toPage(found.rows, limit, toListed, ({ place: last }) => cursors.write([last]));
}

function sweepConditions({ schedule, status, scope, trigger }: SweepsFilter) {
  return [
    schedule && sql`schedule = ${anyOf(schedule)}`,
    status && sql`coalesce(status, 'open') = ${anyOf(status)}`,
    scope && sql`scope = ${anyOf(scope)}`,
    trigger && sql`trigger = ${anyOf(trigger)}`,
  ].flatMap((condition) => condition ?? []);
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
