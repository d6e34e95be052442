import { sql } from 'kysely';
import type { Policy } from '../evaluate/policy/policy.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import { columnsOf, eventOf, noteOf } from '../record/findings/write-moves.ts';
import type { RecordsTransaction } from '../record/store/database.ts';
import type { JudgedNight, PastMove } from './plan-past.ts';
import type { PastSweep } from './write-nights.ts';

/**
 * Writes the findings as the nights left them, and what happened to each, in order. Nothing is
 * pending: nobody is alerted about a past that is invented.
 */
export async function writePastFindings(
  tx: RecordsTransaction,
  nights: readonly JudgedNight[],
  sweeps: readonly PastSweep[],
  policy: Policy,
): Promise<void> {
  const moves = nights.flatMap((night, index) =>
    night.moves.map((move) => ({ ...move, sweep: sweeps[index]?.id })),
  );
  await insertFindings(tx, moves, policy);
  await insertEvents(tx, moves);
}

async function insertFindings(
  tx: RecordsTransaction,
  moves: readonly PastMove[],
  policy: Policy,
): Promise<void> {
  const byFinding = new Map<string, PastMove[]>();
  for (const move of moves) {
    const name = `${move.row} ${move.finding.rule}`;
    byFinding.set(name, [...(byFinding.get(name) ?? []), move]);
  }
  const rows = [...byFinding.values()].map((own) => rowOf(own, policy));
  await sql`
    insert into keysweep.finding (key_id, rule, fingerprint, type, severity, state, facts, controls,
      policy_id, first_seen_at, last_seen_at, resolved_at, resolution, opened_to, waiver,
      waived_until, told_at, first_seen_simulated)
    select key_id, rule, fingerprint, type, severity, state, facts, controls, policy_id,
      first_seen_at, last_seen_at, resolved_at, resolution, '{}', waiver, waived_until, told_at, true
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (key_id integer, rule text,
      fingerprint text, type text, severity text, state text, facts jsonb, controls text[],
      policy_id integer, first_seen_at timestamptz, last_seen_at timestamptz,
      resolved_at timestamptz, resolution text, waiver jsonb, waived_until timestamptz,
      told_at timestamptz)
  `.execute(tx);
}

/** `own`: the moves of one finding, in order. */
function rowOf(own: readonly PastMove[], { rules }: Policy) {
  const [first] = own;
  const last = own.at(-1);
  if (first === undefined || last === undefined) return {};
  const { life, row, finding } = last;
  const rule = rules.find(({ id }) => id === finding.rule);
  const opened = own.findLast(({ transition: { kind } }) => opens.has(kind));
  return {
    ...columnsOf(row, finding),
    fingerprint: fingerprint(life.key.source, life.key.keyId, finding.rule),
    type: finding.type,
    severity: rule?.severity,
    facts: finding.facts,
    controls: rule?.controls ?? [],
    first_seen_at: first.asOf,
    last_seen_at: finding.seenAt,
    resolved_at: finding.state === 'resolved' ? endOf(last) : null,
    resolution: finding.resolution,
    told_at: opened?.asOf ?? null,
  };
}

const opens: ReadonlySet<string> = new Set(['opened', 'reopened', 'lapsed']);

/** Where a sweep saw the end, it is the sweep's instant; else that of the event. */
function endOf({ asOf, at, note }: PastMove): Date {
  return note === undefined ? asOf : at;
}

async function insertEvents(
  tx: RecordsTransaction,
  moves: readonly (PastMove & { readonly sweep: number | undefined })[],
): Promise<void> {
  const changes = moves.filter(({ transition }) => transition.kind !== 'seen');
  const rows = changes.map((move, place) => ({
    ...eventOf(move),
    ...{ place, sweep: move.sweep, note: move.note ?? noteOf(move) },
    ...{ facts: move.finding.facts, at: move.at, planned_at: move.plannedAt },
  }));
  await sql`
    insert into keysweep.finding_event (finding_id, sweep_id, kind, was, resolution, note, facts,
      at, planned_at)
    select f.id, n.sweep, n.kind, n.was, n.resolution, n.note, n.facts, n.at, n.planned_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (key_id integer, rule text,
      kind text, was text, resolution text, place integer, sweep integer, note jsonb, facts jsonb,
      at timestamptz, planned_at timestamptz)
    join keysweep.finding f on f.key_id = n.key_id and f.rule = n.rule
    order by n.place
  `.execute(tx);
}
