import { sql } from 'kysely';
import type { NoteDifference, RecordDifference } from '../../evidence/differences/difference.ts';
import type { Records } from '../store/database.ts';
import { checkChanges } from './check-changes.ts';
import { checkPacks, type PackCounts, type ToldSweep } from './check-packs.ts';
import type { SuspectBatch } from './find-swapped.ts';
import type { LogComparison } from './log-comparison.ts';
import type { ToldLeaf } from './log-story.ts';
import { checkEventFacts } from './rows/check-event-facts.ts';

/** A sweep as its row says it; instants are texts, as in its leaf. */
interface SweepRow {
  readonly id: number;
  readonly trigger: string;
  readonly scope: string;
  readonly schedule: string | null;
  readonly dueAt: Date | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly deadlineAt: Date;
  readonly status: string | null;
  readonly leaf: number | null;
  readonly policy: string | null;
  readonly tracked: number;
  readonly pass: number;
  readonly fail: number;
  readonly waived: number;
  readonly unknown: number;
  readonly partial: number;
  readonly simulated: boolean;
  readonly closing: number | null;
}

const fields = [
  ...(['trigger', 'scope', 'schedule', 'dueAt', 'openedAt', 'closedAt'] as const),
  ...(['deadlineAt', 'status'] as const),
];

/**
 * Compares a sweep with its leaf. Yields the number of keys of each batch. What was found of a sweep
 * that was pruned while it was read is no difference.
 */
export async function* compareSweep(
  { db, story, note, view }: LogComparison,
  leaf: ToldLeaf<'sweep-closed'>,
): AsyncGenerator<number, void> {
  const uuid = leaf.event.sweep;
  const row = await readRow(db, uuid);
  const found: RecordDifference[] = [];
  if (row !== undefined) yield* comparePacks(db, { row, leaf, suspects: story.suspects }, found);
  await view(async (one) => {
    if (story.pruned.has(uuid)) return;
    const now = await readRow(one, uuid);
    if (now === undefined) {
      note(toGone(leaf));
      return;
    }
    found.forEach(note);
    const sweep = { id: now.id, uuid, leaf };
    await checkChanges(one, story, sweep, note);
    await checkEventFacts(one, sweep, note);
    story.closings.push({ leaf: leaf.n, sweep: uuid, closing: now.closing });
    if (now.leaf !== null && now.leaf !== leaf.n) story.misplaced.set(leaf.n, now.leaf);
  });
}

interface KeptSweep {
  readonly row: SweepRow;
  readonly leaf: ToldLeaf<'sweep-closed'>;
  readonly suspects: SuspectBatch[];
}

async function* comparePacks(
  db: Records,
  { row, leaf, suspects }: KeptSweep,
  found: RecordDifference[],
): AsyncGenerator<number, void> {
  const keep: NoteDifference = (difference) => void found.push(difference);
  compareFields(row, leaf, keep);
  const sweep = { id: row.id, uuid: leaf.event.sweep, leaf };
  const counts = yield* checkPacks(db, sweep, suspects, keep);
  compareCounts(row, sweep, counts, keep);
}

function toGone({ n, event }: ToldLeaf<'sweep-closed'>): RecordDifference {
  const { sweep, schedule, dueAt, openedAt } = event;
  const asked = schedule === null ? 'asked for' : `schedule ${schedule}`;
  return { code: 'sweep-gone', leaf: n, sweep, was: `${asked}, ${dueAt ?? openedAt}` };
}

async function readRow(db: Records, uuid: string): Promise<SweepRow | undefined> {
  const { rows } = await sql<SweepRow>`
    select s.id, s.trigger, s.scope, s.schedule, s.due_at as "dueAt", s.opened_at as "openedAt",
      s.closed_at as "closedAt", s.deadline_at as "deadlineAt", s.status, s.leaf::float8 as leaf,
      p.hash as policy, s.tracked, s.pass, s.fail, s.waived, s.unknown, s.partial, s.simulated,
      s.closing
    from keysweep.sweep s left join keysweep.policy p on p.id = s.policy_id
    where s.uuid = ${uuid}::uuid
  `.execute(db);
  return rows[0];
}

function compareFields(
  row: SweepRow,
  { n, event, subjects }: ToldLeaf<'sweep-closed'>,
  note: NoteDifference,
): void {
  const where = { code: 'sweep-field', leaf: n, sweep: event.sweep } as const;
  const differ = (field: string, was: unknown, is: unknown) => {
    if (was !== is) note({ ...where, field, was: String(was ?? 'none'), is: String(is ?? 'none') });
  };
  for (const field of fields) {
    const value = row[field];
    differ(field, event[field], value instanceof Date ? value.toISOString() : value);
  }
  differ('policy', `sha256:${subjects.policy}`, row.policy);
  differ('leaf', n, row.leaf);
  differ('simulated', false, row.simulated);
}

function compareCounts(
  row: SweepRow,
  { uuid, leaf }: ToldSweep,
  counts: PackCounts,
  note: NoteDifference,
): void {
  const { coverage, verdicts } = leaf.event;
  const said = { ...verdicts, partial: coverage.partial, tracked: coverage.tracked };
  const made = { ...counts, tracked: counts.keys };
  for (const [field, was] of Object.entries(said) as [keyof typeof said, number][]) {
    const where = { code: 'counts', leaf: leaf.n, sweep: uuid, field, was: `${was}` } as const;
    if (made[field] !== was) note({ ...where, place: 'its keys', is: `${made[field]}` });
    if (row[field] !== was) note({ ...where, place: 'its row', is: `${row[field]}` });
  }
}
