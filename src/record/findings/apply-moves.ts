import { sql } from 'kysely';
import type { Transition } from '../../evaluate/history/transition.ts';
import type { Facts } from '../../evaluate/judgement.ts';
import type { Rule } from '../../evaluate/policy/policy.ts';
import { hashWaiver } from '../../evaluate/waivers/compile-waivers.ts';
import type { Waiver } from '../../evaluate/waivers/waiver.ts';
import { fingerprint } from '../../keys/fingerprint.ts';
import type { ClaimedBatch, PendingKey } from '../store/claimed-batch.ts';
import type { RecordsTransaction } from '../store/database.ts';

/** One transition of a key's finding, with what it rests on. */
export interface Move {
  readonly transition: Transition;
  readonly pending: PendingKey;
  readonly facts: Facts | undefined;
  readonly rule: Rule | undefined;
  /** What covers the finding from now on. */
  readonly waiver: Waiver | undefined;
}

/** Writes what becomes of findings, and the events of it. Whoever calls has locked the findings. */
export async function applyMoves(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  moves: readonly Move[],
): Promise<void> {
  const risen = moves.filter(({ transition }) => transition.kind !== 'resolved');
  const resolved = moves.filter(({ transition }) => transition.kind === 'resolved');
  await writeRisen(tx, batch, risen);
  await writeResolved(tx, batch, resolved);
  const events = moves.filter(({ transition }) => transition.kind !== 'seen');
  await writeEvents(tx, batch, events);
}

async function writeRisen(tx: RecordsTransaction, batch: ClaimedBatch, moves: readonly Move[]) {
  if (moves.length === 0) return;
  const rows = moves.map(({ pending, facts, rule, transition, waiver }) => ({
    key_id: pending.row,
    rule: transition.rule,
    fingerprint: fingerprint(pending.key.source, pending.key.keyId, transition.rule),
    type: rule?.type,
    severity: rule?.severity,
    facts: facts ?? {},
    controls: rule?.controls ?? [],
    ...describeWaiver(waiver),
  }));
  await sql`
    insert into keysweep.finding as f (key_id, rule, fingerprint, type, severity, state, facts,
      controls, policy_id, first_seen_at, last_seen_at, waiver, waived_until)
    select key_id, rule, fingerprint, type, severity, state, facts, coalesce(controls, '{}'),
      ${batch.policyRow}, ${batch.asOf}::timestamptz, ${batch.asOf}::timestamptz, waiver,
      waived_until
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as n (key_id integer, rule text, fingerprint text, type text, severity text, facts jsonb,
        controls text[], state text, waiver jsonb, waived_until timestamptz)
    on conflict (key_id, rule) do update set type = excluded.type, severity = excluded.severity,
      state = excluded.state, facts = excluded.facts, controls = excluded.controls,
      policy_id = excluded.policy_id, last_seen_at = excluded.last_seen_at, resolved_at = null,
      resolution = null, waiver = excluded.waiver, waived_until = excluded.waived_until
  `.execute(tx);
}

function describeWaiver(waiver: Waiver | undefined) {
  if (waiver === undefined) return { state: 'open', waiver: null, waived_until: null };
  const { id, reason, expires } = waiver;
  const kept = { id, hash: hashWaiver(waiver), reason };
  return { state: 'waived', waiver: kept, waived_until: expires };
}

async function writeResolved(tx: RecordsTransaction, batch: ClaimedBatch, moves: readonly Move[]) {
  if (moves.length === 0) return;
  await sql`
    update keysweep.finding f set state = 'resolved', resolved_at = ${batch.asOf}::timestamptz,
      resolution = n.resolution, policy_id = ${batch.policyRow}, waiver = null, waived_until = null
    from jsonb_to_recordset(${JSON.stringify(moves.map(eventOf))}::jsonb)
      as n (key_id integer, rule text, resolution text)
    where f.key_id = n.key_id and f.rule = n.rule
  `.execute(tx);
}

async function writeEvents(tx: RecordsTransaction, batch: ClaimedBatch, moves: readonly Move[]) {
  if (moves.length === 0) return;
  await sql`
    insert into keysweep.finding_event (finding_id, sweep_id, kind, was, resolution, note, facts)
    select f.id, ${batch.sweepRow}, n.kind, n.was, n.resolution, n.note, f.facts
    from jsonb_to_recordset(${JSON.stringify(moves.map(eventOf))}::jsonb)
      as n (key_id integer, rule text, kind text, was text, resolution text, note jsonb)
    join keysweep.finding f on f.key_id = n.key_id and f.rule = n.rule
    order by f.id
  `.execute(tx);
}

function eventOf({ pending, transition, waiver }: Move) {
  const { rule, kind, was } = transition;
  return {
    key_id: pending.row,
    rule,
    kind,
    was,
    resolution: transition.kind === 'resolved' ? transition.resolution : null,
    note: noteOf(transition, waiver),
  };
}

function noteOf(transition: Transition, waiver: Waiver | undefined) {
  if (transition.kind === 'lapsed') {
    const { waiver: lapsed, cause } = transition;
    return { waiver: lapsed.id, reason: lapsed.reason, cause };
  }
  return waiver === undefined ? null : { waiver: waiver.id, reason: waiver.reason };
}
