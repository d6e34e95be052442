import { sql } from 'kysely';
import type { NoteDifference } from '../../evidence/differences/difference.ts';
import type { Records } from '../store/database.ts';
import type { LogStory, ToldLeaf } from './log-story.ts';

interface Fact {
  readonly kind: string;
  readonly name: string;
  readonly value: string;
}

/** What the log said last of a thing that may change. */
interface Told {
  readonly leaf?: number | undefined;
  readonly value: string;
}

/**
 * Compares what is remembered of what the log said last with what it said, and the schedules with
 * their leaves.
 */
export async function checkFacts(
  db: Records,
  story: LogStory,
  note: NoteDifference,
): Promise<void> {
  const { rows: facts } = await sql<Fact>`
    select kind, name, value from keysweep.log_fact
  `.execute(db);
  const schedules = await readSchedules(db);
  compareFacts(story, facts, note);
  const waivers = new Map(ofKind(facts, 'waiver'));
  checkActive(story, waivers, note);
  checkEnds(story, waivers, note);
  checkSchedules(story, schedules, note);
}

const ofKind = (facts: readonly Fact[], wanted: string) =>
  facts.flatMap(({ kind, name, value }) => (kind === wanted ? [[name, value] as const] : []));

/** All but waivers. */
function compareFacts(story: LogStory, facts: readonly Fact[], note: NoteDifference): void {
  const told = new Map(listTold(story));
  for (const { kind, name, value: is } of facts) {
    if (kind === 'waiver') continue;
    const place = placeOf(kind, name);
    const { leaf, value: was } = told.get(place) ?? {};
    told.delete(place);
    if (was !== is) note({ code: 'fact', leaf, place, was, is });
  }
  for (const [place, { leaf, value: was }] of told) {
    note({ code: 'fact', leaf, place, was, is: 'gone' });
  }
}

function* listTold(story: LogStory): Iterable<[place: string, told: Told]> {
  const { policy, inventory, retention, schedules, keys } = story;
  if (policy !== undefined) yield ['policy', { value: policy }];
  if (inventory !== undefined) yield ['inventory', { value: inventory }];
  if (retention !== undefined) {
    yield ['retention', { leaf: retention.n, value: String(retention.event.retentionMs) }];
  }
  for (const [id, { n, event }] of schedules) {
    const { cron, timezone, catchUpMs, overlap, deadlineMs } = event;
    const value = JSON.stringify({ cron, timezone, catchUpMs, overlap, deadlineMs });
    yield [placeOf('schedule', id), { leaf: n, value }];
  }
  for (const [old, { n, event }] of keys) {
    yield [placeOf('key', old), { leaf: n, value: event.new }];
  }
}

function placeOf(kind: string, name: string): string {
  return name === '' ? kind : `${kind} ${name}`;
}

function checkActive(
  { activeWaivers: told, waivers }: LogStory,
  kept: ReadonlyMap<string, string>,
  note: NoteDifference,
): void {
  const names = [...told, ...kept.keys()];
  const differ = names.filter((hash) => told.has(hash) !== kept.has(hash));
  for (const hash of differ) {
    const { n, event } = waivers.get(hash) ?? {};
    const is = kept.has(hash) ? 'one that holds' : 'gone';
    note({ code: 'fact', leaf: n, place: `waiver ${event?.waiver ?? hash}`, is });
  }
}

/** By the value, the log tells when a waiver has ended. */
function checkEnds(
  { activeWaivers: told, waivers }: LogStory,
  kept: ReadonlyMap<string, string>,
  note: NoteDifference,
): void {
  for (const hash of told) {
    const { n, event } = waivers.get(hash) ?? {};
    const is = kept.get(hash);
    if (event === undefined || is === undefined) continue;
    const { waiver, expires } = event;
    const was = JSON.stringify({ waiver, expires });
    if (was !== is) note({ code: 'fact', leaf: n, place: `waiver ${waiver}`, was, is });
  }
}

interface ScheduleRow {
  readonly id: string;
  readonly cron: string;
  readonly timezone: string;
  readonly firstSeenAt: Date;
}

async function readSchedules(db: Records): Promise<readonly ScheduleRow[]> {
  const { rows } = await sql<ScheduleRow>`
    select id, cron, timezone, first_seen_at as "firstSeenAt" from keysweep.schedule order by id
  `.execute(db);
  return rows;
}

/** The row of a schedule that was removed stays, and is used no more. */
function checkSchedules(story: LogStory, rows: readonly ScheduleRow[], note: NoteDifference): void {
  const left = new Map(story.schedules);
  for (const row of rows) {
    const told = left.get(row.id);
    left.delete(row.id);
    if (told !== undefined) compareSchedule(row, told, note);
    else if (!story.knownSchedules.has(row.id) && isOfLog(row, story)) {
      note({ code: 'schedule', place: placeOf('schedule', row.id), is: 'one that no leaf names' });
    }
  }
  for (const [id, { n }] of left) {
    note({ code: 'schedule', leaf: n, place: placeOf('schedule', id), is: 'gone' });
  }
}

const isOfLog = ({ firstSeenAt }: ScheduleRow, { createdAt }: LogStory) =>
  createdAt !== undefined && firstSeenAt >= createdAt;

function compareSchedule(
  row: ScheduleRow,
  { n, event }: ToldLeaf<'schedule-set'>,
  note: NoteDifference,
): void {
  const where = { code: 'schedule', leaf: n, place: placeOf('schedule', row.id) } as const;
  for (const field of ['cron', 'timezone'] as const) {
    const [was, is] = [event[field], row[field]];
    if (was !== is) note({ ...where, field, was, is });
  }
}
