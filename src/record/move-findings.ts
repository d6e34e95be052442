import { sql } from 'kysely';
import type { Facts } from '../evaluate/judgement.ts';
import { type KnownFinding, planTransitions } from '../evaluate/plan-transitions.ts';
import { applyMoves, type Move } from './apply-moves.ts';
import { readClock } from './carried-clock.ts';
import type { ClaimedBatch, PendingKey } from './claim-batch.ts';
import type { RecordsTransaction } from './database.ts';
import { followObservations } from './follow-observations.ts';
import type { KeyBefore, ObservedRow } from './observed-row.ts';

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
    select id, observed_at, observation_id, last_used, observed_entry_id
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
  readonly acknowledged: Facts | null;
}

/**
 * Locked in the order of their ids, as closings lock them. Their ids are found through the index of
 * keys: asked for in order and by key at once, the planner reads every finding there is.
 */
async function readFindings(tx: RecordsTransaction, rows: readonly ObservedRow[]) {
  const found = await sql<FindingRow>`
    select id, key_id, rule, state, policy_id, waiver, waived_until,
      case when resolution = 'acknowledged' then facts end as acknowledged
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

function toKnown({ rule, state, waiver, waived_until, acknowledged }: FindingRow): KnownFinding {
  const until = waived_until;
  return {
    rule,
    state,
    waiver: waiver === null || until === null ? null : { ...waiver, until },
    acknowledged,
  };
}

function planMoves(
  { row, key, ...now }: ObservedRow,
  before: KeyBefore | undefined,
  findings: ReadonlyMap<number, readonly FindingRow[]>,
  { policy, policyRow, asOf, clock }: ClaimedBatch,
): readonly Move[] {
  const known = findings.get(row) ?? [];
  const transitions = planTransitions({
    findings: known.map(toKnown),
    observation: key.observation.kind,
    judgement: key.judgement,
    policy,
    policyChanged: known.some(
      (finding) => finding.state !== 'resolved' && finding.policy_id !== policyRow,
    ),
    keyChanged: isChanged(now, key.pending, before),
    asOf,
    now: readClock(clock),
  });
  return transitions.map((transition) => ({
    transition,
    pending: key.pending,
    facts: key.judgement.violations.find(({ rule }) => rule === transition.rule)?.facts,
    rule: policy.rules.find(({ id }) => id === transition.rule),
    waiver: policy.waivers.find(
      ({ id }) =>
        'waiver' in transition && typeof transition.waiver === 'string' && id === transition.waiver,
    ),
  }));
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
