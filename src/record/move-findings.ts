import { sql } from 'kysely';
import type { Facts, Judgement } from '../evaluate/judgement.ts';
import { planTransitions, type Transition } from '../evaluate/plan-transitions.ts';
import type { Rule } from '../evaluate/policy.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import type { Observation } from '../keys/observation.ts';
import type { ClaimedBatch, PendingKey } from './claim-batch.ts';
import type { RecordsTransaction } from './database.ts';
import { sweepRows } from './sweep-rows.ts';

/** A key's new row, as its findings see it. */
export interface ObservedRow {
  readonly row: number;
  readonly key: {
    readonly pending: PendingKey;
    readonly observation: Observation;
    readonly judgement: Judgement;
  };
  readonly observation_id: number | null;
  readonly observed_at: Date;
  readonly last_used: Date | null;
}

/**
 * Lets the findings of the keys follow what was observed. Sweeps may overlap: a key whose findings
 * have followed a newer observation already is passed over. What nothing was learned of moves
 * nothing.
 */
export async function moveFindings(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  rows: readonly ObservedRow[],
): Promise<void> {
  const learned = rows.filter(({ key }) => key.observation.kind !== 'unknown');
  if (learned.length === 0) return;
  const before = await lockKeys(tx, learned);
  const newest = learned.filter((row) => isNewest(row, before.get(row.row)));
  if (newest.length === 0) return;
  const findings = await readFindings(tx, newest);
  const moves = newest.flatMap((row) => planMoves(row, before.get(row.row), findings, batch));
  await applyMoves(tx, batch, moves);
  await followObservations(tx, batch, newest);
}

interface KeyBefore {
  readonly id: number;
  readonly observed_at: Date | null;
  readonly observation_id: number | null;
  readonly last_used: Date | null;
  readonly observed_entry_id: number | null;
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
  readonly state: 'open' | 'waived' | 'resolved';
  readonly policy_id: number;
}

/**
 * Locked in the order of their ids, as closings lock them. Their ids are found through the index of
 * keys: asked for in order and by key at once, the planner reads every finding there is.
 */
async function readFindings(tx: RecordsTransaction, rows: readonly ObservedRow[]) {
  const found = await sql<FindingRow>`
    select id, key_id, rule, state, policy_id from keysweep.finding
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

interface Move {
  readonly transition: Transition;
  readonly pending: PendingKey;
  readonly facts: Facts | undefined;
  readonly rule: Rule | undefined;
}

function planMoves(
  { row, key, ...now }: ObservedRow,
  before: KeyBefore | undefined,
  findings: ReadonlyMap<number, readonly FindingRow[]>,
  { policy, policyRow }: ClaimedBatch,
): readonly Move[] {
  const known = findings.get(row) ?? [];
  const transitions = planTransitions({
    findings: known.map(({ rule, state }) => ({
      rule,
      state: state === 'resolved' ? 'resolved' : 'open',
    })),
    observation: key.observation.kind,
    judgement: key.judgement,
    policy,
    policyChanged: known.some(
      (finding) => finding.state !== 'resolved' && finding.policy_id !== policyRow,
    ),
    keyChanged: isChanged(now, key.pending, before),
  });
  return transitions.map((transition) => ({
    transition,
    pending: key.pending,
    facts: key.judgement.violations.find(({ rule }) => rule === transition.rule)?.facts,
    rule: policy.rules.find(({ id }) => id === transition.rule),
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

async function applyMoves(tx: RecordsTransaction, batch: ClaimedBatch, moves: readonly Move[]) {
  const risen = moves.filter(({ transition }) => transition.kind !== 'resolved');
  const resolved = moves.filter(({ transition }) => transition.kind === 'resolved');
  await writeRisen(tx, batch, risen);
  await writeResolved(tx, batch, resolved);
  const told = moves.filter(({ transition }) => transition.kind !== 'seen');
  await writeEvents(tx, batch, told);
}

async function writeRisen(tx: RecordsTransaction, batch: ClaimedBatch, moves: readonly Move[]) {
  if (moves.length === 0) return;
  const rows = moves.map(({ pending, facts, rule, transition }) => ({
    key_id: pending.row,
    rule: transition.rule,
    fingerprint: fingerprint(pending.key.source, pending.key.keyId, transition.rule),
    type: rule?.type,
    severity: rule?.severity,
    facts: facts ?? {},
    controls: rule?.controls ?? [],
  }));
  await sql`
    insert into keysweep.finding as f (key_id, rule, fingerprint, type, severity, state, facts,
      controls, policy_id, first_seen_at, last_seen_at)
    select key_id, rule, fingerprint, type, severity, 'open', facts, coalesce(controls, '{}'),
      ${batch.policyRow}, ${batch.asOf}::timestamptz, ${batch.asOf}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as n (key_id integer, rule text, fingerprint text, type text, severity text, facts jsonb,
        controls text[])
    on conflict (key_id, rule) do update set type = excluded.type, severity = excluded.severity,
      state = 'open', facts = excluded.facts, controls = excluded.controls,
      policy_id = excluded.policy_id, last_seen_at = excluded.last_seen_at, resolved_at = null,
      resolution = null
  `.execute(tx);
}

async function writeResolved(tx: RecordsTransaction, batch: ClaimedBatch, moves: readonly Move[]) {
  if (moves.length === 0) return;
  await sql`
    update keysweep.finding f set state = 'resolved', resolved_at = ${batch.asOf}::timestamptz,
      resolution = n.resolution, policy_id = ${batch.policyRow}
    from jsonb_to_recordset(${JSON.stringify(moves.map(eventOf))}::jsonb)
      as n (key_id integer, rule text, resolution text)
    where f.key_id = n.key_id and f.rule = n.rule
  `.execute(tx);
}

async function writeEvents(tx: RecordsTransaction, batch: ClaimedBatch, moves: readonly Move[]) {
  if (moves.length === 0) return;
  await sql`
    insert into keysweep.finding_event (finding_id, sweep_id, kind, resolution, facts)
    select f.id, ${batch.sweepRow}, n.kind, n.resolution, f.facts
    from jsonb_to_recordset(${JSON.stringify(moves.map(eventOf))}::jsonb)
      as n (key_id integer, rule text, kind text, resolution text)
    join keysweep.finding f on f.key_id = n.key_id and f.rule = n.rule
    order by f.id
  `.execute(tx);
}

function eventOf({ pending, transition }: Move) {
  return {
    key_id: pending.row,
    rule: transition.rule,
    kind: transition.kind,
    resolution: transition.kind === 'resolved' ? transition.resolution : null,
  };
}

/** Remembers what the keys' findings follow now, as it stands in the rows of this sweep. */
async function followObservations(
  tx: RecordsTransaction,
  { sweepRow }: ClaimedBatch,
  rows: readonly ObservedRow[],
) {
  await sql`
    update keysweep.tracked_key k set observed_at = s.observed_at, last_used = s.last_used,
      observation_id = s.observation_id, observed_entry_id = s.entry_id
    from ${sweepRows(
      sweepRow,
      rows.map(({ row }) => row),
    )}
    where k.id = s.key_id
  `.execute(tx);
}
