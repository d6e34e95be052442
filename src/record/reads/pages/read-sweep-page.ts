import { sql } from 'kysely';
import { type Coverage, toCoverage } from '../../../keys/coverage.ts';
import type { ReportSweep, VerdictCounts } from '../../../report/model.ts';
import type { Known } from '../../../report/people/named-person.ts';
import { verdictInSql } from '../../store/codes.ts';
import type { Database } from '../../store/database.ts';
import { findSweep } from '../../store/find-by-beginning.ts';

/** A sweep, open or closed, with what it took and what it changed. */
export interface SweepFacts extends Omit<ReportSweep, 'policy' | 'status' | 'simulated'> {
  readonly simulated: boolean;
  readonly status: ReportSweep['status'] | 'open';
  readonly policy: { readonly version: string; readonly hash: string };
  readonly deadlineAt: Date;
  readonly stoppedAt: Date | null;
  readonly held: 'held' | 'released' | 'confirmed' | 'withdrawn' | null;
  readonly coverage: Coverage;
  readonly pending: number;
  readonly verdicts: VerdictCounts;
  /** Sources that refused our credentials in it. */
  readonly refusedSources: readonly string[];
  /** The leaf of the evidence log that tells its closing. */
  readonly leaf: number | null;
  /** Who asked for it and why, if somebody did. */
  readonly requests: readonly AskedBy[];
  /** How many findings it changed, by what became of them. */
  readonly changes: readonly { readonly kind: string; readonly count: number }[];
  readonly batches: number;
  /** How often its batches were asked again. */
  readonly rounds: number;
  /** While it is open: keys that are unknown already, and failed attempts. */
  readonly soFar: { readonly unknown: number; readonly attempts: number };
}

/** Who asked for a sweep, how they were known, and why. What an earlier build kept lacks some. */
export interface AskedBy {
  readonly by: string | null;
  readonly known: Known | null;
  readonly mail: string | null;
  readonly reason: string | null;
}

interface Row
  extends Omit<SweepFacts, 'coverage' | 'verdicts' | 'policy' | 'requests' | 'changes' | 'soFar'> {
  readonly row: number;
  readonly tracked: number;
  readonly partial: number;
  readonly pass: number;
  readonly fail: number;
  readonly waived: number;
  readonly unknown: number;
  readonly version: string;
  readonly hash: string;
}

/** Undefined if no sweep has an id that begins so. */
export async function readSweepFacts(
  database: Database,
  beginning: string,
): Promise<SweepFacts | undefined> {
  const named = await findSweep(database.db, beginning);
  if (named === undefined) return undefined;
  const { rows } = await sql<Row>`
    select s.id as row, s.uuid as id, s.trigger, s.schedule, s.due_at as "dueAt",
      s.opened_at as "openedAt", s.closed_at as "closedAt", s.deadline_at as "deadlineAt",
      s.stopped_at as "stoppedAt", coalesce(s.status, 'open') as status, s.scope, s.simulated,
      s.held, s.tracked, s.pass, s.fail, s.waived, s.unknown, s.partial,
      s.refused_sources as "refusedSources", p.version, p.hash, s.leaf::integer as leaf, b.*
    from keysweep.sweep s join keysweep.policy p on p.id = s.policy_id
    cross join lateral (
      select count(*)::integer as batches, coalesce(sum(pending), 0)::integer as pending,
        coalesce(sum(round), 0)::integer as rounds
      from keysweep.sweep_batch b where b.sweep_id = s.id
    ) b
    where s.id = ${named.row}
  `.execute(database.db);
  const [found] = rows;
  if (found === undefined) return undefined;
  const { row, tracked, partial, pass, fail, waived, unknown, version, hash, ...sweep } = found;
  return {
    ...sweep,
    policy: { version, hash },
    coverage: toCoverage({ tracked, unknown, partial }),
    verdicts: { pass, fail, waived, unknown },
    ...(await readAround(database, row)),
    ...(sweep.status === 'open' ? await readSoFar(database, row) : closed),
  };
}

const closed = { soFar: { unknown: 0, attempts: 0 } };

async function readSoFar({ db }: Database, row: number) {
  const { rows } = await sql<SweepFacts['soFar']>`
    select (
        select coalesce(sum(unknown), 0) from keysweep.pack where sweep_id = ${row}
      )::integer + (
        select count(*) from keysweep.key_result
        where sweep_id = ${row} and verdict = ${verdictInSql('unknown')}
      )::integer as unknown, (
        select coalesce(sum(attempts), 0) from keysweep.sweep_batch where sweep_id = ${row}
      )::integer as attempts
  `.execute(db);
  return { soFar: rows[0] ?? closed.soFar };
}

const mostRequests = 20;

async function readAround({ db }: Database, row: number) {
  const requests = await sql<SweepFacts['requests'][number]>`
    select requested_by as by, requested_known as known, requested_mail as mail, reason
    from keysweep.request where sweep_id = ${row}
    order by asked_at limit ${mostRequests}
  `.execute(db);
  const changes = await sql<SweepFacts['changes'][number]>`
    select kind, count(*)::integer as count from keysweep.finding_event
    where sweep_id = ${row} group by kind order by kind
  `.execute(db);
  return { requests: requests.rows, changes: changes.rows };
}
