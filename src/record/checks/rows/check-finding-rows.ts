import { sql } from 'kysely';
import { reviewRevoke } from '../../../evaluate/history/finding-type.ts';
import { InvalidPolicy, parsePolicy } from '../../../evaluate/policy/parse-policy.ts';
import { canonicalJson, type JsonValue } from '../../../evidence/canonical-json.ts';
import type { NoteDifference, RecordDifference } from '../../../evidence/differences/difference.ts';
import type { Records } from '../../store/database.ts';
import { lastSeenAt } from '../../store/findings/sightings.ts';
import type { LogComparison } from '../log-comparison.ts';
import type { LogStory } from '../log-story.ts';
import { readParts } from '../read-rows.ts';

interface FindingRow {
  readonly id: number;
  readonly source: string;
  readonly keyId: string;
  readonly rule: string;
  /** The key that its number names. */
  readonly key: string;
  readonly state: 'open' | 'waived' | 'resolved';
  readonly type: string;
  readonly severity: string;
  readonly controls: readonly string[];
  readonly facts: JsonValue;
  readonly policy: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly resolvedAt: Date | null;
  readonly simulated: boolean;
  /** Of its first event and its newest: when it was, and when its sweep opened. */
  readonly firstAt: Date | null;
  readonly firstOpenedAt: Date | null;
  readonly newestAt: Date | null;
  readonly newestOpenedAt: Date | null;
  readonly newestFacts: JsonValue;
}

/** What a rule makes of a finding, by the id of the rule. */
type Rules = ReadonlyMap<string, string>;

/** What the rows of findings are compared with. */
interface Known {
  /** By the hash of the policy. */
  readonly rules: ReadonlyMap<string, Rules>;
  /** The instants at which sweeps opened, also those that were pruned since. */
  readonly opened: Openings;
  /** The log says nothing of sweeps that were pruned before there was a log. */
  readonly createdAt: number;
  readonly isSimulated: boolean;
}

type Openings = ReadonlySet<number>;

/** What was read for earlier rows. */
interface Kept {
  /** A policy never changes. */
  readonly rules: Map<string, Rules>;
  opened: Openings;
}

const findingsAtOnce = 1_000;

/**
 * Compares the rows of findings with their events, the policies and the sweeps: type, severity and
 * controls are those of a rule, and instants those of sweeps and events.
 */
export async function* checkFindingRows({
  story,
  note,
  view,
}: LogComparison): AsyncGenerator<number> {
  const kept: Kept = { rules: new Map(), opened: new Set() };
  const read = (after: number, most: number) =>
    view(async (one) => {
      const rows = await readSome(one, after, most);
      const known = await readKnown(one, story, kept, rows);
      for (const row of rows) noteChanges(row, known, note);
      return rows;
    });
  for await (const rows of readParts(findingsAtOnce, read)) yield rows.length;
}

function noteChanges(row: FindingRow, known: Known, note: NoteDifference): void {
  const { source, keyId, rule } = row;
  const where = { code: 'finding-field', source, keyId, rule } as const;
  for (const change of changesOf(row, known)) note({ ...where, ...change });
}

async function readSome(db: Records, after: number, most: number) {
  const { rows } = await sql<FindingRow>`
    select f.id, f.source, f.key_text as "keyId", f.rule, f.state, f.type, f.severity, f.controls,
      f.facts, p.hash as policy, f.first_seen_at as "firstSeenAt", ${lastSeenAt} as "lastSeenAt",
      f.resolved_at as "resolvedAt", f.first_seen_simulated as simulated,
      k.source || '/' || k.key_id as key, first.at as "firstAt", first.opened_at as "firstOpenedAt",
      newest.at as "newestAt", newest.opened_at as "newestOpenedAt", newest.facts as "newestFacts"
    from keysweep.finding f
    left join keysweep.policy p on p.id = f.policy_id
    left join keysweep.tracked_key k on k.id = f.key_id
    left join lateral (${eventOf('')}) first on true
    left join lateral (${eventOf('desc')}) newest on true
    where f.id > ${after} order by f.id limit ${most}
  `.execute(db);
  return rows;
}

function eventOf(order: '' | 'desc') {
  return sql`
    select v.at, v.facts, w.opened_at from keysweep.finding_event v
    left join keysweep.sweep w on w.id = v.sweep_id and not w.simulated
    where v.finding_id = f.id and v.kind <> 'reminder' order by v.id ${sql.raw(order)} limit 1
  `;
}

/** Reads all sweeps only for findings with an instant of which no sweep is known yet. */
async function readKnown(
  db: Records,
  story: LogStory,
  kept: Kept,
  rows: readonly FindingRow[],
): Promise<Known> {
  const { rules } = kept;
  const policies = await sql<{ hash: string; text: string }>`
    select hash, text from keysweep.policy where hash <> all (${[...rules.keys()]}::text[])
    order by id
  `.execute(db);
  for (const { hash, text } of policies.rows) rules.set(hash, readRules(text));
  const createdAt = story.createdAt?.getTime() ?? Infinity;
  const isKnown = (row: FindingRow) => isOfSweep(row, { opened: kept.opened, createdAt });
  if (!rows.every(isKnown)) kept.opened = await readOpenings(db, story);
  return { rules, opened: kept.opened, createdAt, isSimulated: story.simulated > 0 };
}

async function readOpenings(db: Records, story: LogStory): Promise<Openings> {
  const { rows } = await sql<{ at: Date }>`
    select opened_at as at from keysweep.sweep
  `.execute(db);
  const told = [...story.sweeps.values()].map(({ event }) => Date.parse(event.openedAt));
  return new Set([...rows.map(({ at }) => at.getTime()), ...told]);
}

function readRules(text: string): Rules {
  try {
    const { rules } = parsePolicy(text);
    return new Map(rules.map((rule) => [rule.id, describeRule(rule)]));
  } catch (error) {
    // Somebody changed the text, which is noted elsewhere.
    if (error instanceof InvalidPolicy) return new Map();
    throw error;
  }
}

interface RuleOfFinding {
  readonly type: string;
  readonly severity: string;
  readonly controls?: readonly string[] | undefined;
}

function describeRule({ type, severity, controls = [] }: RuleOfFinding): string {
  return `type ${type}, severity ${severity}, controls ${JSON.stringify(controls)}`;
}

const reviewed = describeRule({ type: reviewRevoke, severity: 'high' });

type Change = Pick<RecordDifference, 'field' | 'was' | 'is'>;

function* changesOf(row: FindingRow, known: Known): Iterable<Change> {
  const name = `${row.source}/${row.keyId}`;
  if (row.key !== name) yield { field: 'key', was: name, is: row.key };
  yield* ruleChanges(row, known);
  if (!row.simulated) yield* seenChanges(row, known);
  if (!row.simulated) yield* endChanges(row);
  const [was, is] = [row.newestFacts, row.facts].map(canonicalJson);
  if (row.state === 'resolved' && was !== is) yield { field: 'facts', was, is };
  if (row.simulated && !known.isSimulated) yield { field: 'simulated', was: 'no', is: 'yes' };
}

/** An open finding has what its policy says; a resolved one what some policy has said. */
function* ruleChanges(row: FindingRow, { rules }: Known): Iterable<Change> {
  const is = describeRule(row);
  const policies = row.state === 'resolved' ? [...rules.values()] : [rules.get(row.policy)];
  const said = policies.flatMap((policy) => policy?.get(row.rule) ?? []);
  if (row.rule === reviewRevoke) said.push(reviewed);
  const [was] = said.slice(-1);
  if (was !== undefined && !said.includes(is)) yield { field: 'rule', was, is };
}

function* seenChanges(row: FindingRow, known: Known): Iterable<Change> {
  const { firstSeenAt, firstAt, firstOpenedAt, lastSeenAt } = row;
  const isReview = row.rule === reviewRevoke;
  const first = isReview ? firstAt : firstOpenedAt;
  if (first !== null && Number(first) !== Number(firstSeenAt)) {
    yield { field: 'first seen', was: first.toISOString(), is: firstSeenAt.toISOString() };
  }
  if (isOfSweep(row, known)) return;
  yield { field: 'last seen', was: 'when a sweep opened', is: lastSeenAt.toISOString() };
}

/** Whether a finding was last seen when a sweep opened. No sweep sees those that reviews open. */
function isOfSweep(
  { rule, simulated, lastSeenAt }: FindingRow,
  { opened, createdAt }: Pick<Known, 'opened' | 'createdAt'>,
): boolean {
  const at = Number(lastSeenAt);
  return rule === reviewRevoke || simulated || at < createdAt || opened.has(at);
}

function* endChanges({ state, resolvedAt, ...row }: FindingRow): Iterable<Change> {
  const is = resolvedAt?.toISOString() ?? 'never';
  const { newestAt, newestOpenedAt } = row;
  if (state !== 'resolved') {
    if (resolvedAt !== null) yield { field: 'resolved', was: 'never', is };
  } else if (newestAt !== null && !isEnd(resolvedAt, newestAt, newestOpenedAt)) {
    yield { field: 'resolved', was: newestAt.toISOString(), is };
  }
}

/** A sweep ends a finding as of when it opened. Without its sweep, the event is known to be later. */
function isEnd(at: Date | null, eventAt: Date, openedAt: Date | null): boolean {
  if (at === null) return false;
  if (openedAt === null) return at <= eventAt;
  return [eventAt, openedAt].some((end) => Number(end) === Number(at));
}
