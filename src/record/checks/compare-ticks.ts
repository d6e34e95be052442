import { sql } from 'kysely';
import type { NoteDifference } from '../../evidence/differences/difference.ts';
import type { Records } from '../store/database.ts';
import { type LogStory, nameTick, type ToldLeaf } from './log-story.ts';

/** What became of a tick, or of a run of missed ticks that ends with it. */
interface TickRow {
  readonly schedule: string;
  readonly firstDueAt: Date;
  readonly dueAt: Date;
  readonly ticks: number;
  readonly trigger: string;
  readonly outcome: 'opened' | 'missed' | 'skipped' | 'waiting';
  readonly decidedAt: Date;
  /** The sweep that it names. */
  readonly sweep: string | null;
  readonly isOpen: boolean;
  /** Whether there is a sweep of this tick, named or not. */
  readonly hasSweep: boolean;
}

/** Compares what became of each tick with the leaves of sweeps, of missed and of skipped ticks. */
export async function compareTicks(
  db: Records,
  story: LogStory,
  note: NoteDifference,
): Promise<void> {
  const rows = await readTicks(db);
  for (const row of rows) checkRow(row, story, note);
  const kept = new Map(rows.map((row) => [nameTick(row.schedule, row.dueAt.toISOString()), row]));
  const until = await readUntil(db);
  checkUntil(story, rows, until, note);
  const isDecided = (schedule: string, dueAt: string) =>
    isUntil(until.get(schedule), new Date(dueAt));
  const known = { isDecided, leafOf: (row: TickRow) => leafOfTick(row, story) };
  for (const leaf of story.sweeps.values()) checkSweep(leaf, kept, known, note);
  for (const { n, event } of story.skipped) {
    const { schedule, dueAt } = event;
    if (kept.has(nameTick(schedule, dueAt)) || !isDecided(schedule, dueAt)) continue;
    note({ code: 'tick', leaf: n, place: placeOf(schedule, dueAt), was: 'skipped', is: 'gone' });
  }
  for (const leaf of story.missed) {
    const { schedule, from, to } = leaf.event;
    const others = story.missed.filter(
      ({ n, event }) =>
        n !== leaf.n && event.schedule === schedule && event.from <= to && event.to >= from,
    );
    const once = { isAlone: others.length === 0, isLast: !isDecidedAgain(leaf, story, rows) };
    if (isDecided(schedule, to)) checkMissed(leaf, rows, once, note);
  }
}

async function readTicks(db: Records): Promise<readonly TickRow[]> {
  const { rows } = await sql<TickRow>`
    select t.schedule, coalesce(t.first_due_at, t.due_at) as "firstDueAt", t.due_at as "dueAt",
      t.ticks, t.trigger, t.outcome, t.decided_at as "decidedAt", s.uuid as sweep,
      s.id is not null and s.closed_at is null as "isOpen", exists (
        select from keysweep.sweep o where o.schedule = t.schedule and o.due_at = t.due_at
      ) as "hasSweep"
    from keysweep.tick t left join keysweep.sweep s on s.id = t.sweep_id
    where not t.simulated order by t.schedule, t.due_at
  `.execute(db);
  return rows;
}

/** Until when the ticks of a schedule were decided on, and what the clock shows. */
interface Until {
  readonly decided: Date;
  readonly now: Date;
}

async function readUntil(db: Records): Promise<ReadonlyMap<string, Until>> {
  const { rows } = await sql<Until & { id: string }>`
    select id, decided_until as decided, clock_timestamp() as now from keysweep.schedule
  `.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A worker may open a tick of an old future, when its time comes, before it is decided on again. */
const graceMs = 3_600_000;

/**
 * The row of a schedule that seems not to know of ticks that are kept. Where the clock was set back,
 * ticks of the old future are kept no more; a new cron line or zone leaves them, and begins anew.
 */
function checkUntil(
  story: LogStory,
  rows: readonly TickRow[],
  until: ReadonlyMap<string, Until>,
  note: NoteDifference,
): void {
  for (const [id, { decided, now }] of until) {
    const [told, begun] = [story.schedules.get(id), story.knownSchedules.get(id)];
    const past = new Date(now.getTime() - graceMs);
    const newest = rows.findLast(
      (row) =>
        row.schedule === id &&
        row.dueAt > decided &&
        row.dueAt < past &&
        (leafOfTick(row, story) ?? -1) > (begun?.n ?? 0),
    );
    if (told === undefined || newest === undefined) continue;
    const where = { code: 'schedule', leaf: told.n, place: `schedule ${id}` } as const;
    const was = `${newest.dueAt.toISOString()} or later`;
    note({ ...where, field: 'decided until', was, is: decided.toISOString() });
  }
}

/** Whether ticks that were missed came a second time, because the clock was set back. */
function isDecidedAgain(
  { n, event: { schedule, from, to } }: ToldLeaf<'sweep-missed'>,
  story: LogStory,
  rows: readonly TickRow[],
): boolean {
  return rows.some((row) => {
    const [first, last] = [row.firstDueAt.toISOString(), row.dueAt.toISOString()];
    if (row.schedule !== schedule || first > to || last < from) return false;
    return row.outcome === 'waiting' || row.isOpen || (leafOfTick(row, story) ?? -1) > n;
  });
}

function isUntil(until: Until | undefined, dueAt: Date): boolean {
  return until !== undefined && dueAt <= until.decided && dueAt <= until.now;
}

/** What the log says of a tick before there was a log is nothing. */
function checkRow(row: TickRow, story: LogStory, note: NoteDifference): void {
  const { schedule, dueAt, outcome, sweep, decidedAt } = row;
  const told = sweep === null ? undefined : story.sweeps.get(sweep);
  const place = placeOf(schedule, dueAt);
  if (told !== undefined && outcome === 'opened') {
    const was = describeTick(told.event.schedule, told.event.dueAt);
    const is = describeTick(schedule, dueAt.toISOString());
    const where = { code: 'tick', leaf: told.n, sweep: told.event.sweep } as const;
    if (was !== is) note({ ...where, was, is });
    else compareOpened(row, told, note);
    return;
  }
  // Nothing is decided before it is due, so a row cannot be made to seem older than the log.
  const knownAt = new Date(Math.max(Number(decidedAt), Number(dueAt)));
  const isOlder = knownAt < (story.createdAt ?? new Date(Infinity));
  if (outcome === 'waiting' || row.isOpen || isOlder) return;
  if (leafOfTick(row, story) !== undefined) return;
  note({ code: 'tick', place, is: `${outcome}, which no leaf says` });
}

/** The row of a tick that was opened stands for that one. */
function compareOpened(
  { schedule, dueAt, firstDueAt, ticks, trigger }: TickRow,
  { n, event }: ToldLeaf<'sweep-closed'>,
  note: NoteDifference,
): void {
  const place = placeOf(schedule, dueAt);
  const where = { code: 'tick', leaf: n, sweep: event.sweep, place } as const;
  if (trigger !== event.trigger) {
    note({ ...where, field: 'trigger', was: event.trigger, is: trigger });
  }
  if (ticks !== 1) note({ ...where, field: 'ticks', was: '1', is: `${ticks}` });
  if (Number(firstDueAt) === Number(dueAt)) return;
  note({ ...where, field: 'first', was: dueAt.toISOString(), is: firstDueAt.toISOString() });
}

/** The newest leaf that says of a tick what its row says. */
function leafOfTick(
  { schedule, firstDueAt, dueAt, outcome }: TickRow,
  story: LogStory,
): number | undefined {
  const name = nameTick(schedule, dueAt.toISOString());
  if (outcome === 'opened') return story.sweptTicks.get(name);
  if (outcome === 'skipped') return story.skippedTicks.get(name);
  const [first, last] = [firstDueAt.toISOString(), dueAt.toISOString()];
  return story.missed.findLast(
    ({ event: { from, to, ...missed } }) =>
      missed.schedule === schedule && from <= first && last <= to,
  )?.n;
}

interface KnownOfTicks {
  isDecided(schedule: string, dueAt: string): boolean;
  leafOf(row: TickRow): number | undefined;
}

/** After a clock was set back, a tick may have had two sweeps, and names the later one. */
function checkSweep(
  { n, event: { sweep, schedule, dueAt, at } }: ToldLeaf<'sweep-closed'>,
  kept: ReadonlyMap<string, TickRow>,
  { isDecided, leafOf }: KnownOfTicks,
  note: NoteDifference,
): void {
  if (schedule === null || dueAt === null) return;
  const row = kept.get(nameTick(schedule, dueAt));
  const where = { code: 'tick', leaf: n, sweep, place: placeOf(schedule, dueAt) } as const;
  const is = row === undefined ? 'gone' : whatItIs(row, at);
  if (is === 'opened' || !isDecided(schedule, dueAt)) return;
  // A later leaf says so: the tick came a second time.
  if (row !== undefined && is === row.outcome && (leafOf(row) ?? -1) > n) return;
  note({ ...where, was: 'opened', is });
}

/** What is said of a tick whose sweep closed at an instant. */
function whatItIs({ decidedAt, sweep, hasSweep, outcome }: TickRow, closedAt: string): string {
  if (decidedAt.toISOString() > closedAt) return 'opened';
  const isNameless = outcome === 'opened' && sweep === null && hasSweep;
  return isNameless ? 'without its sweep' : outcome;
}

function checkMissed(
  { n, event: { schedule, from, to, ticks } }: ToldLeaf<'sweep-missed'>,
  rows: readonly TickRow[],
  { isAlone, isLast }: { readonly isAlone: boolean; readonly isLast: boolean },
  note: NoteDifference,
): void {
  const within = rows.filter(
    (row) =>
      row.schedule === schedule &&
      row.outcome === 'missed' &&
      row.firstDueAt.toISOString() >= from &&
      row.dueAt.toISOString() <= to,
  );
  const found = within.reduce((sum, row) => sum + row.ticks, 0);
  const place = `schedule ${schedule}, ${from} to ${to}`;
  // After a clock was set back, ticks may have been missed twice, or were decided on once more.
  if (found > ticks && !isAlone) return;
  if (found < ticks && !isLast) return;
  const [first, last] = [
    within.at(0)?.firstDueAt.toISOString(),
    within.at(-1)?.dueAt.toISOString(),
  ];
  if (found === ticks && isAlone && (first !== from || last !== to)) {
    note({ code: 'tick', leaf: n, place, was: `${from} to ${to}`, is: `${first} to ${last}` });
  }
  if (found === ticks) return;
  note({ code: 'tick', leaf: n, place, was: `${ticks} ticks`, is: `${found}` });
}

function placeOf(schedule: string, dueAt: Date | string): string {
  return describeTick(schedule, typeof dueAt === 'string' ? dueAt : dueAt.toISOString());
}

function describeTick(schedule: string | null, dueAt: string | null): string {
  return schedule === null ? 'no tick' : `schedule ${schedule}, due ${dueAt}`;
}
