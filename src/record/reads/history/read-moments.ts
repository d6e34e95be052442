import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Verdict } from '../../../evaluate/judgement.ts';
import type { Policy } from '../../../evaluate/policy/policy.ts';
import { createPolicyCache } from '../../../evaluate/policy/policy-cache.ts';
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
import { type ObservationContent, toDetails } from '../../store/observation-content.ts';
import { createCursors } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';
import { readJudgement, type StoredJudgement } from '../../store/stored-judgement.ts';
import { readKeyEvents } from './read-key-events.ts';
import type { KeyInRecords } from './read-known-key.ts';

interface Row {
  readonly place: number;
  readonly uuid: string;
  readonly trigger: MomentSweep['trigger'];
  readonly schedule: string | null;
  readonly scope: MomentSweep['scope'];
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly status: MomentSweep['status'];
  readonly simulated: boolean;
  readonly text: string;
  readonly verdict: number | null;
  readonly observed_at: Date | null;
  readonly last_used: Date | null;
  readonly judgement: StoredJudgement | null;
  readonly content: ObservationContent | null;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approved_scopes: string[] | null;
  readonly tags: string[];
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

/** Sweep after sweep: no index leads from a key to the batches that hold it. */
async function readPlaced(
  database: Database,
  { row, key }: KeyInRecords,
  { before, size }: Wanted,
): Promise<readonly Placed[]> {
  const found = await sql<Row>`
    select w.id as place, w.uuid, w.trigger, w.schedule, w.scope, w.opened_at, w.closed_at,
      coalesce(w.status, 'open') as status, w.simulated, p.text, s.verdict, s.observed_at,
      s.last_used, s.judgement, o.content, e.owner, e.environment, e.approved_scopes, e.tags
    from keysweep.sweep w
    cross join lateral keysweep.sweep_key_of(w.id, ${row}::integer) s
    join keysweep.policy p on p.id = w.policy_id
    join keysweep.inventory_entry e on e.id = s.entry_id
    left join keysweep.observation o on o.id = s.observation_id
    where ${before} order by w.id desc limit ${size}
  `.execute(database.db);
  const policies = createPolicyCache();
  return found.rows.map((one) => toMoment(one, key, policies.parse(one.text, null)));
}

type Named = Pick<KeyInRecords['key'], 'source' | 'keyId'>;

function toMoment(row: Row, key: Named, policy: Policy): Placed {
  const missing = row.content?.missing === true;
  const isKnown = row.content !== null && !missing;
  return {
    place: row.place,
    sweep: toSweep(row),
    verdict: toVerdict(row.verdict),
    observedAt: row.observed_at,
    missing,
    ...(isKnown && row.content !== null ? toDetails(row.content, row.last_used) : noDetails),
    owner: row.owner,
    environment: row.environment,
    approvedScopes: row.approved_scopes,
    tags: row.tags,
    ...judgementOf(row, key, policy),
  };
}

function toVerdict(code: number | null): Verdict | null {
  return code === null ? null : verdictOf(code);
}

function toSweep(row: Row): MomentSweep {
  const { uuid: id, trigger, schedule, scope, status, simulated } = row;
  const [openedAt, closedAt] = [row.opened_at, row.closed_at];
  return { id, trigger, schedule, scope, openedAt, closedAt, status, ...markSimulated(simulated) };
}

function judgementOf(
  { judgement, opened_at }: Row,
  { source, keyId }: Named,
  { rules }: Policy,
): { violations: readonly MomentViolation[]; unknowns: readonly MomentUnknown[] } {
  const { violations, unjudged } = readJudgement(judgement);
  const ofKey = { source, keyId, keyName: undefined, owner: null, firstSeen: opened_at };
  return {
    violations: violations.flatMap((violation) => {
      const rule = rules.find(({ id }) => id === violation.rule);
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
