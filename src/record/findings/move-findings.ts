import { sql } from 'kysely';
import { eventTypes, holdsEvent, joinPast } from '../../evaluate/history/events.ts';
import { type KnownFinding, planTransitions } from '../../evaluate/history/plan-transitions.ts';
import type { Transition } from '../../evaluate/history/transition.ts';
import type { Facts, Judgement } from '../../evaluate/judgement.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';
import { readClock } from '../../timing/database-clock.ts';
import type { ClaimedBatch, PendingKey } from '../store/claimed-batch.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { KeyBefore, ObservedRow } from '../store/observed-row.ts';
import { applyMoves, type Move } from './apply-moves.ts';
import { followObservations } from './follow-observations.ts';

/**
 * Lets the findings of the keys follow what was observed. Sweeps may overlap: a key whose findings
 * have followed a newer observation already is passed over. What nothing was learned of moves
 * nothing, but for the finding that says so.
 */
export async function moveFindings(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  rows: readonly ObservedRow[],
): Promise<void> {
  const moving = rows.filter(moves);
  if (moving.length === 0) return;
  const before = await lockKeys(tx, moving);
  const newest = moving.filter((row) => isNewest(row, before.get(row.row)));
  if (newest.length === 0) return;
  const findings = await readFindings(tx, newest);
  const planned = newest.flatMap((row) => planMoves(row, before.get(row.row), findings, batch));
  await applyMoves(tx, batch, planned);
  const learned = newest.filter(({ key }) => key.observation.kind !== 'unknown');
  await followObservations(tx, batch, learned, before);
}

function moves({ key: { observation, judgement } }: ObservedRow): boolean {
  return observation.kind !== 'unknown' || judgement.violations.length > 0;
}

/**
 * Always in the order of their ids, so that two sweeps over the same keys never wait in a ring.
 */
async function lockKeys(tx: RecordsTransaction, rows: readonly ObservedRow[]) {
  const locked = await sql<KeyBefore>`
    select id, observed_at, observation_id, last_used, observed_entry_id, known_at
    from keysweep.tracked_key where id = any (${rows.map(({ row }) => row)}::integer[])
    order by id for no key update
  `.execute(tx);
  return new Map(locked.rows.map((row) => [row.id, row]));
}

function isNewest(row: ObservedRow, before: KeyBefore | undefined): boolean {
  return before?.observed_at == null || before.observed_at < row.observed_at;
}

interface FindingRow {
  readonly id: number;
  readonly key_id: number;
  readonly rule: string;
  readonly state: KnownFinding['state'];
  readonly policy_id: number;
  readonly waiver: { readonly id: string; readonly hash: string; readonly reason: string } | null;
  readonly waived_until: Date | null;
  readonly type: string;
  readonly resolution: string | null;
  readonly last_seen_at: Date;
  /** Of findings that tell of events; else null. */
  readonly event: Facts | null;
}

/**
 * Locked in the order of their ids, as closings lock them. Their ids are found through the index of
 * keys: asked for in order and by key at once, the planner reads every finding there is.
 */
async function readFindings(tx: RecordsTransaction, rows: readonly ObservedRow[]) {
  const found = await sql<FindingRow>`
    select id, key_id, rule, state, policy_id, waiver, waived_until, type, resolution, last_seen_at,
      case when type = any (${eventTypes}::text[]) then facts end as event
    from keysweep.finding
    where id = any (array(
      select f.id from unnest(${rows.map(({ row }) => row)}::integer[]) as n (key_id)
      cross join lateral (
        select id from keysweep.finding where key_id = n.key_id offset 0
      ) f
    ))
    order by id for no key update
  `.execute(tx);
  const byKey = new Map<number, FindingRow[]>();
  for (const finding of found.rows) {
    const known = byKey.get(finding.key_id);
    if (known === undefined) byKey.set(finding.key_id, [finding]);
    else known.push(finding);
  }
  return byKey;
}

function toKnown(
  finding: FindingRow,
  { history }: PendingKey,
  { policy, asOf }: ClaimedBatch,
): KnownFinding {
  const { rule, state, type, waiver, waived_until: until, resolution, event } = finding;
  const judged = policy.rules.some((one) => one.id === rule && one.type === type);
  const holds = event !== null && holdsEvent(type, event);
  const older = judged ? !history.openEvents.has(rule) : asOf < finding.last_seen_at;
  return {
    rule,
    state,
    waiver: waiver === null || until === null ? null : { ...waiver, until },
    acknowledged: resolution === 'acknowledged' ? event : null,
    event: holds,
    unheard: older && state !== 'resolved' && holds,
  };
}

function planMoves(
  { row, key, ...now }: ObservedRow,
  before: KeyBefore | undefined,
  findings: ReadonlyMap<number, readonly FindingRow[]>,
  batch: ClaimedBatch,
): readonly Move[] {
  const { policy, policyRow, asOf, clock } = batch;
  const known = findings.get(row) ?? [];
  const judgement = withoutHeard(key, before, policy);
  const transitions = planTransitions({
    findings: known.map((finding) => toKnown(finding, key.pending, batch)),
    observation: key.observation.kind,
    judgement,
    policy,
    policyChanged: known.some(
      (finding) => finding.state !== 'resolved' && finding.policy_id !== policyRow,
    ),
    keyChanged: isChanged(now, key.pending, before),
    asOf,
    now: readClock(clock),
  });
  return transitions
    .map((planned) => tellAnew(planned, known, policy))
    .map((transition) => ({
      transition,
      pending: key.pending,
      facts: factsOf(transition.rule, judgement, known),
      rule: policy.rules.find(({ id }) => id === transition.rule),
      waiver: policy.waivers.find(
        ({ id }) =>
          'waiver' in transition &&
          typeof transition.waiver === 'string' &&
          id === transition.waiver,
      ),
    }));
}

/** What is open under a rule that was of another type is news, though its id is the same. */
function tellAnew(
  transition: Transition,
  known: readonly FindingRow[],
  { rules }: Policy,
): Transition {
  const { rule, kind, was } = transition;
  if (kind !== 'seen' || was !== 'open') return transition;
  const finding = known.find((one) => one.rule === rule);
  const type = rules.find(({ id }) => id === rule)?.type;
  return finding?.type === type ? transition : { rule, was, kind: 'reopened' };
}

/** A sweep that runs beside this one has learned of the key since it was judged. */
function withoutHeard(
  { pending, judgement }: ObservedRow['key'],
  before: KeyBefore | undefined,
  { rules }: Policy,
): Judgement {
  const { knownAt } = pending.history;
  if (before?.known_at == null || knownAt === undefined || before.known_at <= knownAt) {
    return judgement;
  }
  const silent = new Set(rules.filter(({ type }) => type === 'unaudited').map(({ id }) => id));
  const violations = judgement.violations.filter(({ rule }) => !silent.has(rule));
  return { ...judgement, violations };
}

/** Of an open event nothing is lost that was not known when the key was judged. */
function factsOf(
  rule: string,
  { violations }: Judgement,
  known: readonly FindingRow[],
): Facts | undefined {
  const facts = violations.find((violation) => violation.rule === rule)?.facts;
  const open = known.find((finding) => finding.rule === rule && finding.state !== 'resolved');
  if (facts?.['past'] === undefined || open?.event == null) return facts;
  return { ...facts, past: joinPast(open.event['past'], facts['past']) };
}

function isChanged(
  now: Pick<ObservedRow, 'observation_id' | 'last_used'>,
  pending: PendingKey,
  before: KeyBefore | undefined,
): boolean {
  return (
    before?.observation_id !== now.observation_id ||
    before.observed_entry_id !== pending.entry ||
    before.last_used?.getTime() !== now.last_used?.getTime()
  );
}
