import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Verdict } from '../../../evaluate/judgement.ts';
import { noDetails } from '../../../keys/detail-fields.ts';
import { describeUnknown } from '../../../report/describe-unknown.ts';
import { describeViolation } from '../../../report/describe-violation.ts';
import type {
  KeyMoment,
  MomentSweep,
  MomentUnknown,
  MomentViolation,
} from '../../../report/key-history/key-history-model.ts';
import {
  isAnswered,
  planChangesOfKey,
  type UnchangedMoment,
} from '../../../report/key-history/plan-changes-of-key.ts';
import { markSimulated } from '../../../report/simulated.ts';
import { verdictOf } from '../../store/codes.ts';
import type { Database } from '../../store/database.ts';
import { toDetails } from '../../store/observation-content.ts';
import { createCursors } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';
import { readJudgement, type StoredJudgement } from '../../store/stored-judgement.ts';
import { milliseconds } from '../report/list-report.ts';
import { readKeyEvents } from './read-key-events.ts';
import type { KeyInRecords } from './read-known-key.ts';
import { type Shared, type SharedColumns, sharedColumns, toShared } from './shared-of-moments.ts';

/** A row in JSON: instants are milliseconds. */
interface Row {
  readonly place: number;
  readonly uuid: string;
  readonly trigger: MomentSweep['trigger'];
  readonly schedule: string | null;
  readonly scope: MomentSweep['scope'];
  readonly opened_at: number;
  readonly closed_at: number | null;
  readonly status: MomentSweep['status'];
  readonly simulated: boolean;
  readonly policy: number;
  readonly verdict: number | null;
  readonly observed_at: number | null;
  readonly last_used: number | null;
  readonly judgement: StoredJudgement | null;
  readonly observation: number | null;
  readonly entry: number;
}

type Placed = UnchangedMoment & { readonly place: number };

const cursors = createCursors<readonly [number]>('history', z.tuple([z.int32()]));

/** A page of the sweeps that a key was in, newest first, each with what changed in it. */
export async function readMoments(
  database: Database,
  known: KeyInRecords,
  { limit, cursor }: PageAsked,
): Promise<Page<KeyMoment>> {
  const place = cursors.read(cursor);
  const before = place === undefined ? sql`true` : sql`w.id < ${place[0]}`;
  const moments = await readPlaced(database, known, { before, size: limit + 1 });
  const older = await readAnsweredBefore(database, known, moments);
  const events = await readKeyEvents(
    database,
    known.row,
    moments.map((moment) => moment.place),
  );
  const withChanges = moments.map(({ place: sweepRow, ...moment }, index) => {
    const earlier = [...moments.slice(index + 1), ...older];
    const changes = planChangesOfKey(moment, earlier);
    return { sweepRow, ...moment, events: events.get(sweepRow) ?? [], changes };
  });
  return toPage(
    withChanges,
    limit,
    ({ sweepRow: _, ...moment }) => moment,
    ({ sweepRow }) => cursors.write([sweepRow]),
  );
}

/** The newest answer behind these moments, if the last of them was none. */
async function readAnsweredBefore(
  database: Database,
  known: KeyInRecords,
  moments: readonly Placed[],
): Promise<readonly Placed[]> {
  const last = moments.at(-1);
  if (last === undefined || isAnswered(last)) return [];
  const before = sql`w.id < ${last.place} and s.observation_id is not null`;
  return readPlaced(database, known, { before, size: 1 });
}

interface Wanted {
  readonly before: RawBuilder<unknown>;
  readonly size: number;
}

/**
 * Sweep after sweep: no index leads from a key to the batches that hold it. One statement, so that
 * what the moments refer to is not pruned meanwhile.
 */
async function readPlaced(
  database: Database,
  { row, key }: KeyInRecords,
  { before, size }: Wanted,
): Promise<readonly Placed[]> {
  const found = await sql<SharedColumns & { readonly moments: readonly Row[] | null }>`
    with moment as materialized (
      select w.id as place, w.uuid, w.trigger, w.schedule, w.scope,
        ${milliseconds(sql`w.opened_at`)} as opened_at,
        ${milliseconds(sql`w.closed_at`)} as closed_at, coalesce(w.status, 'open') as status,
        w.simulated, w.policy_id as policy, s.verdict,
        ${milliseconds(sql`s.observed_at`)} as observed_at,
        ${milliseconds(sql`s.last_used`)} as last_used, s.judgement,
        s.observation_id as observation, s.entry_id as entry
      from keysweep.sweep w
      cross join lateral keysweep.sweep_key_of(w.id, ${row}::integer) s
      where ${before} order by w.id desc limit ${size}
    )
    select (select json_agg(m order by m.place desc) from moment m) as moments, ${sharedColumns}
  `.execute(database.db);
  const [columns] = found.rows;
  if (columns === undefined) return [];
  const shared = toShared(columns);
  return (columns.moments ?? []).map((one) => toMoment(one, key, shared));
}

type Named = Pick<KeyInRecords['key'], 'source' | 'keyId'>;

function toMoment(row: Row, key: Named, shared: Shared): Placed {
  const content = shared.contentOf(row.observation);
  const missing = content?.missing === true;
  return {
    place: row.place,
    sweep: toSweep(row),
    verdict: toVerdict(row.verdict),
    observedAt: toDate(row.observed_at),
    missing,
    ...(content === undefined || missing ? noDetails : toDetails(content, toDate(row.last_used))),
    ...shared.entryOf(row.entry),
    ...judgementOf(row, key, shared),
  };
}

function toDate(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}

function toVerdict(code: number | null): Verdict | null {
  return code === null ? null : verdictOf(code);
}

function toSweep(row: Row): MomentSweep {
  const { uuid: id, trigger, schedule, scope, status, simulated } = row;
  const [openedAt, closedAt] = [new Date(row.opened_at), toDate(row.closed_at)];
  return { id, trigger, schedule, scope, openedAt, closedAt, status, ...markSimulated(simulated) };
}

function judgementOf(
  { judgement, opened_at, policy }: Row,
  { source, keyId }: Named,
  shared: Shared,
): { violations: readonly MomentViolation[]; unknowns: readonly MomentUnknown[] } {
  const { violations, unjudged } = readJudgement(judgement);
  const ofKey = { source, keyId, keyName: undefined, owner: null, firstSeen: new Date(opened_at) };
  return {
    violations: violations.flatMap((violation) => {
      const rule = shared.policyOf(policy).rules.find(({ id }) => id === violation.rule);
      return rule === undefined
        ? []
        : toViolation(describeViolation({ violation, rule, ...ofKey }));
    }),
    unknowns: unjudged.map((one) => {
      const { rule, reason, fields, detail } = describeUnknown(source, keyId, one);
      return { rule, reason, fields, detail };
    }),
  };
}

function toViolation(violation: MomentViolation): MomentViolation {
  const { fingerprint, rule, type, severity, status, message, facts, waiver } = violation;
  return { fingerprint, rule, type, severity, status, message, facts, waiver };
}
