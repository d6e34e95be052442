import { sql } from 'kysely';
import { reviewRevoke } from '../../evaluate/history/finding-type.ts';
import type { KnownFinding } from '../../evaluate/history/key-state.ts';
import type { Policy } from '../../evaluate/policy/policy.ts';
import { fingerprint } from '../../keys/fingerprint.ts';
import type { TrackedKey } from '../../keys/tracked-key.ts';
import type { ClaimedBatch } from '../store/claimed-batch.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { lastFacts, lastSeenAt } from '../store/findings/sightings.ts';
import type { Move } from './moves.ts';

/** The sweep and instant for moves that have no observation. `note`: the note of their events. */
export interface MovesTerms {
  readonly sweepRow: number;
  readonly at: Date;
  readonly note?: Readonly<Record<string, string>>;
}

/** Writes moves that have no observation, with their events. The caller has locked the findings. */
export async function writeMoves(
  tx: RecordsTransaction,
  terms: MovesTerms,
  moves: readonly Move[],
): Promise<void> {
  await writeEnded(tx, terms.at, moves);
  await writeEvents(tx, terms, moves);
}

/** Writes the moves of findings that a sweep observed. The caller has locked the findings. */
export async function writeObservedMoves(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  moves: readonly (Move & { readonly key: TrackedKey })[],
): Promise<void> {
  const isResolved = ({ transition }: Move) => transition.kind === 'resolved';
  const risen = moves.filter((move) => !isResolved(move));
  await writeRisen(tx, batch.policy.rules, risen);
  await writeEnded(tx, batch.asOf, moves.filter(isResolved));
  const changes = moves.filter(({ transition }) => transition.kind !== 'seen');
  await writeEvents(tx, { sweepRow: batch.sweepRow }, changes);
}

/** A move, and the name of its key. */
export type NamedMove = Move & { readonly key: Pick<TrackedKey, 'source' | 'keyId'> };

/** Writes findings that a review opens, with their events. The caller has locked the keys' findings. */
export async function writeReviewed(
  tx: RecordsTransaction,
  terms: MovesTerms,
  moves: readonly NamedMove[],
): Promise<void> {
  await writeRisen(tx, [], moves);
  const changes = moves.filter(({ transition }) => transition.kind !== 'seen');
  await writeEvents(tx, terms, changes);
}

/** What a review opens follows no rule of a policy. */
const reviewed = { id: reviewRevoke, type: reviewRevoke, severity: 'high', controls: [] } as const;

async function writeRisen(
  tx: RecordsTransaction,
  rules: Policy['rules'],
  moves: readonly NamedMove[],
) {
  if (moves.length === 0) return;
  const rows = moves.map(({ row, key, finding }) => {
    const rule = [reviewed, ...rules].find(({ id }) => id === finding.rule);
    return {
      ...columnsOf(row, finding),
      ...{ source: key.source, key_text: key.keyId },
      fingerprint: fingerprint(key.source, key.keyId, finding.rule),
      type: rule?.type,
      severity: rule?.severity,
      facts: finding.facts,
      controls: rule?.controls ?? [],
      seen_at: finding.seenAt,
    };
  });
  await sql`
    insert into keysweep.finding as f (key_id, source, key_text, rule, fingerprint, type, severity, state,
      facts, controls, policy_id, first_seen_at, last_seen_at, waiver, waived_until)
    select key_id, source, key_text, rule, fingerprint, type, severity, state, facts,
      coalesce(controls, '{}'), policy_id, seen_at, seen_at, waiver, waived_until
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as n (key_id integer, source text, key_text text, rule text, fingerprint text, type text,
        severity text, facts jsonb, controls text[], state text, policy_id integer, seen_at timestamptz, waiver jsonb,
        waived_until timestamptz)
    on conflict (key_id, rule) do update set type = excluded.type, severity = excluded.severity,
      state = excluded.state, facts = excluded.facts, controls = excluded.controls,
      policy_id = excluded.policy_id, last_seen_at = excluded.last_seen_at, resolved_at = null,
      resolution = null, waiver = excluded.waiver, waived_until = excluded.waived_until
  `.execute(tx);
}

/** Writes findings that end, or open because a waiver ended; keeps what was last seen of them. */
async function writeEnded(tx: RecordsTransaction, at: Date, moves: readonly Move[]) {
  if (moves.length === 0) return;
  const rows = moves.map(({ row, finding }) => ({
    ...columnsOf(row, finding),
    resolution: finding.resolution,
    resolved_at: finding.state === 'resolved' ? at : null,
  }));
  await sql`
    update keysweep.finding f set state = n.state, resolved_at = n.resolved_at,
      resolution = n.resolution, policy_id = n.policy_id, waiver = n.waiver,
      waived_until = n.waived_until, facts = ${lastFacts}, last_seen_at = ${lastSeenAt}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as n (key_id integer, rule text, state text, resolution text, resolved_at timestamptz,
        policy_id integer, waiver jsonb, waived_until timestamptz)
    join keysweep.tracked_key k on k.id = n.key_id
    where f.key_id = n.key_id and f.rule = n.rule
  `.execute(tx);
}

export function columnsOf(row: number, { rule, state, policy, waiver }: KnownFinding) {
  const { until = null, ...kept } = waiver ?? {};
  return {
    ...{ key_id: row, rule, state, policy_id: policy },
    waiver: waiver === null ? null : kept,
    waived_until: until,
  };
}

async function writeEvents(
  tx: RecordsTransaction,
  { sweepRow, at, note }: Pick<MovesTerms, 'sweepRow'> & Partial<MovesTerms>,
  moves: readonly Move[],
) {
  if (moves.length === 0) return;
  const rows = moves.map((move) => ({ ...eventOf(move), note: note ?? noteOf(move) }));
  await sql`
    insert into keysweep.finding_event (finding_id, sweep_id, kind, was, resolution, note, facts, at)
    select f.id, ${sweepRow}, n.kind, n.was, n.resolution, n.note, f.facts,
      coalesce(${at ?? null}::timestamptz, now())
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as n (key_id integer, rule text, kind text, was text, resolution text, note jsonb)
    join keysweep.finding f on f.key_id = n.key_id and f.rule = n.rule
    order by f.id
  `.execute(tx);
}

export function eventOf({ row, transition }: Move) {
  const { rule, kind, was } = transition;
  const resolution = transition.kind === 'resolved' ? transition.resolution : null;
  return { key_id: row, rule, kind, was, resolution };
}

export function noteOf({ transition, finding }: Move) {
  if (transition.kind === 'lapsed') {
    const { waiver, cause } = transition;
    return { waiver: waiver.id, reason: waiver.reason, cause };
  }
  const { waiver } = finding;
  return waiver === null ? null : { waiver: waiver.id, reason: waiver.reason };
}
