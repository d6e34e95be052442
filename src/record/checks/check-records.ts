import { sql } from 'kysely';
import type { Checking } from '../../evidence/differences/check-result.ts';
import type { NoteDifference, RecordDifference } from '../../evidence/differences/difference.ts';
import type { Database, Records } from '../store/database.ts';
import { checkAcknowledgements } from './check-acknowledgements.ts';
import { checkEntries, checkObservations } from './check-contents.ts';
import { checkFindings } from './check-findings.ts';
import { checkLeaves, type HeardLog } from './check-leaves.ts';
import { checkRest } from './check-rest.ts';
import { checkRevoked } from './check-revoked.ts';
import { compareSweep } from './compare-sweep.ts';
import { findMisplaced } from './find-misplaced.ts';
import { findSwapped, findSwappedSweeps } from './find-swapped.ts';
import type { LogComparison } from './log-comparison.ts';
import { createLogStory, type LogStory, type ToldLeaf } from './log-story.ts';
import type { KeysOfLog } from './notes/verify-notes.ts';
import { checkApprovals } from './rows/check-approvals.ts';
import { checkFindingRows } from './rows/check-finding-rows.ts';

/** Which sweeps to check: those whose tick was due, or that opened without one, in a time. */
interface CheckedPeriod {
  readonly from?: Date | undefined;
  /** And before this instant. */
  readonly to?: Date | undefined;
}

/** What to compare, and the keys to verify signatures with, if there are any. */
export interface CheckTerms extends CheckedPeriod, KeysOfLog {}

/** As many differences are listed. */
const mostListed = 10_000;

/**
 * Compares the records with the evidence log, while others may write both. Sweeps outside the period
 * are not made anew; all else is compared whatever the period.
 */
export async function* checkRecords(
  database: Pick<Database, 'db' | 'view'>,
  { verifierKey, witnesses, ...period }: CheckTerms = {},
): Checking {
  const { differences, note, more, replace } = collect();
  const keysOfLog = { verifierKey, witnesses };
  const { checkpoints, ...comparison } = await beginComparison(database, keysOfLog, note);
  const { db, story, view } = comparison;
  const sweeps = [...story.sweeps.values()].filter(
    (leaf) => isInPeriod(leaf, period) && !story.pruned.has(leaf.event.sweep),
  );
  const total = sweeps.reduce((sum, { event }) => sum + event.coverage.tracked, 0);
  let keys = 0;
  for (const leaf of sweeps) {
    yield [Math.min(keys, total), total];
    for await (const done of compareSweep(comparison, leaf)) {
      keys += done;
      yield [Math.min(keys, total), total];
    }
  }
  replace(findSwapped(story.suspects));
  const sweepOf = new Map(sweeps.map(({ n, event }) => [n, event.sweep]));
  findSwappedSweeps(story.misplaced, (n) => sweepOf.get(n)).forEach(note);
  findMisplaced(story.closings).forEach(note);
  for await (const _read of checkObservations(db, note)) yield [total, total];
  await checkEntries(db, note);
  for await (const _read of checkFindings(comparison)) yield [total, total];
  for await (const _read of checkFindingRows(comparison)) yield [total, total];
  await checkRest(comparison);
  await view((one) => checkAcknowledgements(one, story, note));
  await view((one) => checkApprovals(one, story, note));
  await view((one) => checkRevoked(one, story, note));
  await view((one) => noteUnlogged(one, story, note));
  const signatures = verifierKey === undefined ? 'not-verified' : 'verified';
  const counts = {
    leaves: story.size,
    sweeps: sweeps.length,
    keys,
    checkpoints,
    signatures,
  } as const;
  return { ...counts, differences, more: more() };
}

/** Reads the log. */
async function beginComparison(
  database: Pick<Database, 'db' | 'view'>,
  keys: KeysOfLog,
  note: NoteDifference,
): Promise<LogComparison & Pick<HeardLog, 'checkpoints'>> {
  const story = createLogStory();
  const { readOn, checkpoints } = await checkLeaves(database, story, note, keys);
  return {
    ...{ db: database.db, story, note, checkpoints },
    view: (work) =>
      database.view(async (view) => {
        await readOn(view);
        return work(view);
      }),
  };
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
async function noteUnlogged(db: Records, story: LogStory, note: NoteDifference): Promise<void> {
  const { rows } = await sql<{ uuid: string; about: string }>`
    select s.uuid, concat(coalesce('schedule ' || s.schedule, s.trigger), ', closed ',
      to_char(s.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as about
    from keysweep.sweep s
    where s.closed_at is not null and not s.simulated
      and not exists (select from keysweep.adopted_seal a where a.sweep_id = s.id)
    order by s.id
  `.execute(db);
  for (const { uuid, about } of rows) {
    if (!story.sweeps.has(uuid)) note({ code: 'sweep-unlogged', sweep: uuid, is: about });
  }
}
