import { sql } from 'kysely';
import type { Checking } from '../../evidence/differences/check-result.ts';
import type { NoteDifference, RecordDifference } from '../../evidence/differences/difference.ts';
import { parseLeaf } from '../../evidence/leaves/leaf.ts';
import type { Records } from '../store/database.ts';
import { checkAcknowledgements } from './check-acknowledgements.ts';
import { checkEntries, checkObservations } from './check-contents.ts';
import { checkFindings } from './check-findings.ts';
import { checkLeaves } from './check-leaves.ts';
import { checkRest } from './check-rest.ts';
import { checkRevoked } from './check-revoked.ts';
import { compareSweep } from './compare-sweep.ts';
import { findMisplaced } from './find-misplaced.ts';
import { findSwapped, findSwappedSweeps } from './find-swapped.ts';
import { addLeaf, createLogStory, type LogStory, type ToldLeaf } from './log-story.ts';
import { readStoredLeaves } from './read-leaves.ts';
import { checkApprovals } from './rows/check-approvals.ts';
import { checkFindingRows } from './rows/check-finding-rows.ts';

/** Which sweeps to check: those whose tick was due, or that opened without one, in a time. */
export interface CheckedPeriod {
  readonly from?: Date | undefined;
  /** And before this instant. */
  readonly to?: Date | undefined;
}

/** As many differences are listed. */
const mostListed = 10_000;

/**
 * Compares the records with the evidence log, while others may write both. Sweeps outside the period
 * are not made anew; all else is compared whatever the period.
 */
export async function* checkRecords(db: Records, period: CheckedPeriod = {}): Checking {
  const { differences, note, more, replace } = collect();
  const story = createLogStory();
  await checkLeaves(db, story, note);
  const sweeps = [...story.sweeps.values()].filter(
    (leaf) => isInPeriod(leaf, period) && !story.pruned.has(leaf.event.sweep),
  );
  const total = sweeps.reduce((sum, { event }) => sum + event.coverage.tracked, 0);
  let keys = 0;
  const absent: ToldLeaf<'sweep-closed'>[] = [];
  for (const leaf of sweeps) {
    yield [Math.min(keys, total), total];
    const checking = compareSweep(db, story, leaf, note);
    let step = await checking.next();
    for (; step.done !== true; step = await checking.next()) {
      keys += step.value;
      yield [Math.min(keys, total), total];
    }
    if (!step.value) absent.push(leaf);
  }
  replace(findSwapped(story.suspects));
  const sweepOf = new Map(sweeps.map(({ n, event }) => [n, event.sweep]));
  findSwappedSweeps(story.misplaced, (n) => sweepOf.get(n)).forEach(note);
  findMisplaced(story.closings).forEach(note);
  for await (const _read of checkObservations(db, note)) yield [total, total];
  await checkEntries(db, note);
  for await (const _read of checkFindings(db, story, note)) yield [total, total];
  await checkFindingRows(db, story, note);
  await checkRest(db, story, note);
  await checkAcknowledgements(db, story, note);
  await checkApprovals(db, story, note);
  await checkRevoked(db, story, note);
  await noteUnlogged(db, story);
  await noteUnexplained(db, { story, absent }, note);
  return { leaves: story.size, sweeps: sweeps.length, keys, differences, more: more() };
}

function collect() {
  const differences: RecordDifference[] = [];
  let others = 0;
  const note: NoteDifference = (difference) => {
    if (differences.length < mostListed) differences.push(difference);
    else others += 1;
  };
  const replace = (by: ReadonlyMap<RecordDifference, RecordDifference>) => {
    for (const [n, difference] of differences.entries()) {
      differences[n] = by.get(difference) ?? difference;
    }
  };
  return { differences, note, more: () => others, replace };
}

/** Whether a sweep belongs to a period. */
function isInPeriod(
  { event: { dueAt, openedAt } }: ToldLeaf<'sweep-closed'>,
  { from, to }: CheckedPeriod,
): boolean {
  const at = new Date(dueAt ?? openedAt);
  return (from === undefined || at >= from) && (to === undefined || at < to);
}

/** Closed sweeps that no leaf tells of. A sweep of an earlier build has a seal instead. */
async function noteUnlogged(db: Records, story: LogStory): Promise<void> {
  const { rows } = await sql<{ uuid: string; about: string }>`
    select s.uuid, concat(coalesce('schedule ' || s.schedule, s.trigger), ', closed ',
      to_char(s.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as about
    from keysweep.sweep s
    where s.closed_at is not null and not s.simulated
      and not exists (select from keysweep.adopted_seal a where a.sweep_id = s.id)
    order by s.id
  `.execute(db);
  for (const { uuid, about } of rows) {
    if (story.sweeps.has(uuid)) continue;
    const difference = { code: 'sweep-unlogged', sweep: uuid, is: about } as const;
    story.unlogged.push({ difference, isTold: (later) => later.sweeps.has(uuid) });
  }
}

interface Unexplained {
  readonly story: LogStory;
  readonly absent: readonly ToldLeaf<'sweep-closed'>[];
}

/** What has no counterpart, unless a leaf that came meanwhile says why. */
async function noteUnexplained(
  db: Records,
  { story, absent }: Unexplained,
  note: NoteDifference,
): Promise<void> {
  const later = createLogStory();
  for await (const { n, body } of readStoredLeaves(db, story.size)) {
    addLeaf(later, n, parseLeaf(body));
  }
  const gone = absent.filter(({ event }) => !later.pruned.has(event.sweep));
  gone.map(toGone).forEach(note);
  for (const { difference, isTold } of story.unlogged) if (!isTold(later)) note(difference);
}

function toGone({ n, event }: ToldLeaf<'sweep-closed'>): RecordDifference {
  const { sweep, schedule, dueAt, openedAt } = event;
  const asked = schedule === null ? 'asked for' : `schedule ${schedule}`;
  return { code: 'sweep-gone', leaf: n, sweep, was: `${asked}, ${dueAt ?? openedAt}` };
}
