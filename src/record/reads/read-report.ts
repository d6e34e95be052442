import { type RawBuilder, sql } from 'kysely';
import type { Violation } from '../../evaluate/judgement.ts';
import { parsePolicy } from '../../evaluate/policy/parse-policy.ts';
import {
  type Policy,
  type PolicyRule,
  type Severity,
  severities,
} from '../../evaluate/policy/policy.ts';
import { toCoverage } from '../../keys/coverage.ts';
import { noDetails } from '../../keys/detail-fields.ts';
import { describeUnknown } from '../../report/describe-unknown.ts';
import { describeViolation } from '../../report/describe-violation.ts';
import type {
  ReportKey,
  ReportSource,
  ReportSweep,
  ReportUnknown,
  ReportViolation,
} from '../../report/model.ts';
import { markFirstSeen, markSimulated } from '../../report/simulated.ts';
import { verdictOf } from '../store/codes.ts';
import type { Database } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { findSweep } from '../store/find-by-beginning.ts';
import { type ObservationContent, toDetails } from '../store/observation-content.ts';
import { sweepRows } from '../store/packs/sweep-rows.ts';
import { placeOfClosing } from '../store/place-of-closing.ts';
import { readByIds } from '../store/read-by-ids.ts';
import { readJudgement, type StoredJudgement } from '../store/stored-judgement.ts';

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
  const policy = parsePolicy(sweep.text);
  const { pass, fail, waived, unknown } = sweep;
  return {
    sweep: toSweep(sweep),
    coverage: toCoverage(sweep),
    verdicts: { pass, fail, waived, unknown },
    evidence: sweep.leaf === null ? null : { leaf: sweep.leaf, checkpoint: sweep.checkpoint },
    ...{ rules: policy.rules, waivers: policy.waivers },
    revision: `${sweep.newest_finding} ${sweep.checkpoint}`,
    keys: () => readKeys(database, sweep),
    violations: () => readViolations(database, sweep, policy),
    unknowns: () => readUnknownRows(database, sweep),
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

interface NamedRow {
  readonly id: number;
  readonly source: string;
  readonly key_id: string;
}

interface KeyRow extends NamedRow {
  readonly verdict: number;
  readonly last_used: Date | null;
  readonly content: ObservationContent | null;
  readonly owner: string | null;
  readonly environment: string | null;
}

/**
 * The tracked keys `k` of the rows `s`, found one by one: to join them, the planner would read all
 * keys for each page.
 */
const joinKeys = sql`cross join lateral (
  select k.id, k.source, k.key_id from keysweep.tracked_key k where k.id = s.key_id offset 0
) k`;

async function* readKeys(database: Database, sweep: SweepRow): AsyncIterable<ReportKey> {
  const rows = readByIds(await listKeys(database, sweep, sql`true`), (ids) =>
    sql<KeyRow>`
      select k.id, k.source, k.key_id, s.verdict, s.last_used, o.content, e.owner, e.environment
      from ${sweepRows(sweep.id, ids)} ${joinKeys}
      join keysweep.inventory_entry e on e.id = s.entry_id
      left join keysweep.observation o on o.id = s.observation_id
    `.execute(database.db),
  );
  for await (const row of rows) {
    yield {
      ...{ source: row.source, keyId: row.key_id, verdict: verdictOf(row.verdict) },
      ...describe(row),
      ...{ owner: row.owner, environment: row.environment },
    };
  }
}

function describe({ content, last_used }: Pick<KeyRow, 'content' | 'last_used'>) {
  if (content === null || content.missing === true) return noDetails;
  return toDetails(content, last_used);
}

interface JudgedRow extends NamedRow {
  readonly judgement: StoredJudgement;
  readonly name: string | null;
  readonly owner: string | null;
  readonly seen: ReadonlyMap<string, FirstSeen> | undefined;
}

/** Highest severity first. */
async function* readViolations(
  database: Database,
  sweep: SweepRow,
  policy: Policy,
): AsyncIterable<ReportViolation> {
  const rules = new Map(policy.rules.map((rule) => [rule.id, rule]));
  const broken = await listBroken(database, sweep, rules);
  for (const severity of [...severities].reverse()) {
    for await (const row of readJudged(database, sweep, broken.get(severity) ?? [])) {
      yield* readJudgement(row.judgement).violations.flatMap((violation) => {
        const rule = rules.get(violation.rule);
        return rule?.severity === severity ? [toViolation(row, violation, rule, sweep)] : [];
      });
    }
  }
}

/** The keys that break a rule, in the order of the report, by the severities of what they break. */
async function listBroken(
  { db }: Database,
  sweep: SweepRow,
  rules: ReadonlyMap<string, PolicyRule>,
): Promise<ReadonlyMap<Severity, readonly number[]>> {
  const { rows } = await sql<{ id: number; rules: string[] }>`
    select k.id, array(select v->>0 from jsonb_array_elements(s.judgement->'v') v) as rules
    from keysweep.sweep_key s join keysweep.tracked_key k on k.id = s.key_id
    where s.sweep_id = ${sweep.id} and s.judgement ? 'v' order by k.source, k.key_id
  `.execute(db);
  const lists = new Map<Severity, number[]>(severities.map((severity) => [severity, []]));
  for (const { id, rules: names } of rows) {
    const broken = new Set(names.map((name) => rules.get(name)?.severity));
    for (const severity of broken) if (severity !== undefined) lists.get(severity)?.push(id);
  }
  return lists;
}

function toViolation(row: JudgedRow, violation: Violation, rule: PolicyRule, sweep: SweepRow) {
  const { at, simulated } = row.seen?.get(rule.id) ?? {
    at: sweep.opened_at,
    simulated: sweep.simulated,
  };
  return describeViolation({
    ...{ violation, rule, source: row.source, keyId: row.key_id },
    ...{ keyName: row.name ?? undefined, owner: row.owner },
    firstSeen: at,
    ...markFirstSeen(simulated),
  });
}

async function* readJudged(
  database: Database,
  sweep: SweepRow,
  keys: readonly number[],
): AsyncIterable<JudgedRow> {
  yield* readByIds(keys, async (ids) => {
    const judged = await sql<Omit<JudgedRow, 'seen'>>`
      select k.id, k.source, k.key_id, s.judgement, o.content->>'name' as name, e.owner
      from ${sweepRows(sweep.id, ids)} ${joinKeys}
      join keysweep.inventory_entry e on e.id = s.entry_id
      left join keysweep.observation o on o.id = s.observation_id
    `.execute(database.db);
    const seen = await readFirstSeen(database, ids);
    return { rows: judged.rows.map((row) => ({ ...row, seen: seen.get(row.id) })) };
  });
}

interface FirstSeen {
  readonly at: Date;
  readonly simulated: boolean;
}

/** When each finding of these keys was first seen, by key and rule. */
async function readFirstSeen(database: Database, ids: readonly number[]) {
  const found = await database.db
    .selectFrom('finding')
    .select(['key_id', 'rule', 'first_seen_at as at', 'first_seen_simulated as simulated'])
    .where('key_id', '=', sql<number>`any (${ids}::integer[])`)
    .execute();
  const seen = new Map<number, Map<string, FirstSeen>>();
  for (const { key_id, rule, at, simulated } of found) {
    const rules = seen.get(key_id) ?? new Map<string, FirstSeen>();
    seen.set(key_id, rules.set(rule, { at, simulated }));
  }
  return seen;
}

async function* readUnknownRows(database: Database, sweep: SweepRow): AsyncIterable<ReportUnknown> {
  const rows = readByIds(await listKeys(database, sweep, sql`s.judgement ? 'u'`), (ids) =>
    sql<NamedRow & { judgement: StoredJudgement }>`
      select k.id, k.source, k.key_id, s.judgement
      from ${sweepRows(sweep.id, ids)} ${joinKeys}
    `.execute(database.db),
  );
  for await (const { source, key_id: keyId, judgement } of rows) {
    for (const one of readJudgement(judgement).unjudged) yield describeUnknown(source, keyId, one);
  }
}

/** The keys of the sweep that match `wanted`, in the order of the report. */
async function listKeys(
  database: Database,
  sweep: SweepRow,
  wanted: RawBuilder<unknown>,
): Promise<readonly number[]> {
  const found = await sql<{ id: number }>`
    select k.id from keysweep.sweep_key s join keysweep.tracked_key k on k.id = s.key_id
    where s.sweep_id = ${sweep.id} and ${wanted} order by k.source, k.key_id
  `.execute(database.db);
  return found.rows.map(({ id }) => id);
}
