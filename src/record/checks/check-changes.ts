import { type RawBuilder, sql } from 'kysely';
import { reviewRevoke } from '../../evaluate/history/finding-type.ts';
import { type FindingChange, parseChanges } from '../../evidence/changes.ts';
import type { NoteDifference, RecordDifference } from '../../evidence/differences/difference.ts';
import { nameObject } from '../../evidence/manifest.ts';
import { readObject } from '../log/log-objects.ts';
import type { Records } from '../store/database.ts';
import { readInPages } from '../store/paging/read-in-pages.ts';
import type { ToldSweep } from './check-packs.ts';
import type { LogStory } from './log-story.ts';

interface EventRow extends Pick<FindingChange, 'finding' | 'source' | 'keyId' | 'rule' | 'at'> {
  readonly kind: FindingChange['kind'];
  readonly resolution: string | null;
  readonly note: Readonly<Record<string, string>> | null;
}

const rowsAtOnce = 1_000;

/** Compares what a sweep changed of findings with the events of these findings, in a view. */
export async function checkChanges(
  db: Records,
  story: LogStory,
  { id, uuid, leaf }: ToldSweep,
  note: NoteDifference,
): Promise<void> {
  const where = { leaf: leaf.n, sweep: uuid };
  const name = leaf.subjects.changes ?? '';
  const text = await readObject(db, name);
  const isRight = text !== undefined && nameObject(text) === name;
  const told = isRight ? parseChanges(text) : undefined;
  if (told === undefined) {
    note({ code: 'object', ...where, place: 'what it changed of findings' });
    return;
  }
  const left = countEvents(told.events);
  const added: EventRow[] = [];
  for await (const rows of readInPages(db, eventsOf(id), rowsAtOnce)) {
    const others = rows.filter((row) => !take(left, row));
    added.push(...others.filter((row) => !isOfAnotherLeaf(story, row)));
  }
  const absent: FindingChange[] = [];
  for (const event of told.events) if (take(left, event)) absent.push(event);
  noteEvents(absent, added, where, note);
}

/** How many events are alike, by what they say. */
function countEvents(events: Iterable<FindingChange>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + 1);
  return counts;
}

/** Whether such an event was left; it is not any more. */
function take(left: Map<string, number>, event: FindingChange | EventRow): boolean {
  const count = left.get(keyOf(event)) ?? 0;
  if (count > 0) left.set(keyOf(event), count - 1);
  return count > 0;
}

function noteEvents(
  absent: readonly FindingChange[],
  added: readonly EventRow[],
  where: Pick<RecordDifference, 'leaf' | 'sweep'>,
  note: NoteDifference,
): void {
  const others = [...added];
  for (const event of absent) {
    const { source, keyId, rule } = event;
    const at = others.findIndex(({ finding }) => finding === event.finding);
    const [other] = at < 0 ? [] : others.splice(at, 1);
    const [was, is] = [describe(event), other && describe(other)];
    const code = other === undefined ? 'event-gone' : 'event-changed';
    note({ code, ...where, source, keyId, rule, was, is });
  }
  for (const row of others) {
    const { source, keyId, rule } = row;
    note({ code: 'event-added', ...where, source, keyId, rule, is: describe(row) });
  }
}

/**
 * Acknowledgements are compared with their own leaves, and so is what reviews decide. Waivers that
 * end by themselves have leaves too.
 */
function isOfAnotherLeaf(story: LogStory, { kind, resolution, note, rule, at }: EventRow): boolean {
  if (resolution === 'acknowledged') return true;
  // A sweep ends such a finding where the key is gone.
  if (rule === reviewRevoke) return kind !== 'resolved';
  if (kind !== 'lapsed') return false;
  const waiver = note?.['waiver'] ?? '';
  const known = [...story.waivers.values()].filter(({ event }) => event.waiver === waiver);
  if (story.endedWaivers.has(waiver) || known.length === 0) return true;
  // Its end is told within minutes.
  return known.some(({ event }) => Date.parse(event.expires) <= at);
}

function eventsOf(sweepRow: number): RawBuilder<EventRow> {
  return sql`
    select f.fingerprint as finding, f.source, f.key_text as "keyId", f.rule, v.kind, v.resolution,
      floor(extract(epoch from v.at) * 1000)::float8 as at, v.note
    from keysweep.finding_event v join keysweep.finding f on f.id = v.finding_id
    where v.sweep_id = ${sweepRow} and v.kind <> 'reminder' order by v.id
  `;
}

function keyOf({
  finding,
  kind,
  resolution,
  at,
}: Pick<EventRow, 'finding' | 'kind' | 'resolution' | 'at'>) {
  return JSON.stringify([finding, kind, resolution, at]);
}

function describe({ kind, resolution, at }: Pick<EventRow, 'kind' | 'resolution' | 'at'>): string {
  const how = resolution === null ? kind : `${kind} (${resolution})`;
  return `${how} at ${new Date(at).toISOString()}`;
}
