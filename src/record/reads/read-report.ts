import { sql } from 'kysely';
import { parsePinned } from '../../evaluate/policy/parse-pinned.ts';
import type { PolicyRule } from '../../evaluate/policy/policy.ts';
import { toCoverage } from '../../keys/coverage.ts';
import type { ReportSource, ReportSweep } from '../../report/model.ts';
import { markSimulated } from '../../report/simulated.ts';
import type { Database } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { findSweep } from '../store/find-by-beginning.ts';
import { placeOfClosing } from '../store/place-of-closing.ts';
import { listReport } from './report/list-report.ts';
import { readBrokenCounts } from './report/read-broken-counts.ts';
import { readKeys } from './report/read-keys.ts';
import { readLastUses } from './report/read-last-uses.ts';
import { readUnjudged } from './report/read-unjudged.ts';
import { readViolations } from './report/read-violations.ts';
import type { ReportOrder } from './report/report-order.ts';

interface SweepRow {
  readonly id: number;
  readonly uuid: string;
  readonly trigger: ReportSweep['trigger'];
  readonly schedule: string | null;
  readonly due_at: Date | null;
  readonly opened_at: Date;
  readonly closed_at: Date;
  readonly status: ReportSweep['status'];
  readonly scope: ReportSweep['scope'];
  readonly tracked: number;
  readonly pass: number;
  readonly fail: number;
  readonly waived: number;
  readonly unknown: number;
  readonly partial: number;
  readonly version: string;
  readonly hash: string;
  readonly text: string;
  readonly simulated: boolean;
  /** See `parsePinned`. */
  readonly approved_waivers: string[] | null;
  /** A sweep that closed late may have found what this one saw first. */
  readonly newest_finding: number | null;
  readonly leaf: number | null;
  /** The first one over that leaf. */
  readonly checkpoint: string | null;
}

/**
 * The evidence of the closed sweep whose id begins so; without a beginning, of the full sweep closed
 * last. Undefined if there is none. Throws `RequestRefused` if that sweep is still open, or if
 * several ids begin so. Rows are read in pages, on demand.
 */
export async function readReport(
  database: Database,
  beginning?: string,
): Promise<ReportSource | undefined> {
  const named = beginning === undefined ? undefined : await findSweep(database.db, beginning);
  if (beginning !== undefined && named === undefined) return undefined;
  const wanted = named === undefined ? sql`s.scope = 'full'` : sql`s.id = ${named.row}`;
  const found = await sql<SweepRow>`
    select s.*, s.leaf::float8 as leaf, p.version, p.hash, p.text,
      (select max(id) from keysweep.finding) as newest_finding,
      (
        select c.note from keysweep.checkpoint c where c.size > s.leaf order by c.size limit 1
      ) as checkpoint
    from keysweep.sweep s
    join keysweep.policy p on p.id = s.policy_id
    where s.closed_at is not null and ${wanted} order by ${placeOfClosing('s')} desc limit 1
  `.execute(database.db);
  const sweep = found.rows[0];
  if (sweep === undefined) {
    if (named !== undefined) throw new RequestRefused(`sweep ${named.id} is still open`);
    return undefined;
  }
  const policy = parsePinned(sweep.text, sweep.approved_waivers);
  const { pass, fail, waived, unknown } = sweep;
  return {
    sweep: toSweep(sweep),
    coverage: toCoverage(sweep),
    verdicts: { pass, fail, waived, unknown },
    evidence: sweep.leaf === null ? null : { leaf: sweep.leaf, checkpoint: sweep.checkpoint },
    ...{ rules: policy.rules, waivers: policy.waivers },
    revision: `${sweep.newest_finding} ${sweep.checkpoint}`,
    ...readLists(database, sweep, policy.rules),
  };
}

function toSweep(sweep: SweepRow): ReportSweep {
  return {
    id: sweep.uuid,
    trigger: sweep.trigger,
    schedule: sweep.schedule,
    dueAt: sweep.due_at,
    openedAt: sweep.opened_at,
    closedAt: sweep.closed_at,
    status: sweep.status,
    scope: sweep.scope,
    policy: { version: sweep.version, hash: sweep.hash },
    ...markSimulated(sweep.simulated),
  };
}

/** The keys are listed once, when a list is read first. */
function readLists(database: Database, sweep: SweepRow, rules: readonly PolicyRule[]) {
  const { db } = database;
  let listed: Promise<ReportOrder> | undefined;
  const list = () => {
    listed ??= listReport(database, sweep.id, rules);
    return listed;
  };
  return {
    keys: () => readKeys(db, list),
    violations: () => readViolations(db, sweep, list, rules),
    unknowns: () => readUnjudged(db, list),
    broken: () => readBrokenCounts(database, sweep.id, rules),
    lastUses: () => readLastUses(db, list),
  };
}
