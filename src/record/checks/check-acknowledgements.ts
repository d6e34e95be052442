import { sql } from 'kysely';
import { reviewRevoke } from '../../evaluate/history/finding-type.ts';
import type { NoteDifference, RecordDifference } from '../../evidence/differences/difference.ts';
import type { LogEvent } from '../../evidence/leaves/events.ts';
import type { Records } from '../store/database.ts';
import type { LogStory } from './log-story.ts';
import { readParts } from './read-rows.ts';

interface EventRow {
  readonly id: number;
  readonly finding: string;
  readonly source: string;
  readonly keyId: string;
  readonly rule: string;
  readonly note: Readonly<Record<string, string>> | null;
}

const eventsAtOnce = 1_000;

/** Compares acknowledgements with their leaves. */
export async function checkAcknowledgements(
  db: Records,
  story: LogStory,
  note: NoteDifference,
): Promise<void> {
  const left = new Map<string, LogStory['acknowledged'][number][]>();
  for (const leaf of story.acknowledged) {
    const said = whatIsSaid(leaf.event);
    left.set(said, [...(left.get(said) ?? []), leaf]);
  }
  const { createdAt } = story;
  if (createdAt === undefined) return;
  const read = (after: number, most: number) => readSome(db, createdAt, after, most);
  for await (const rows of readParts(eventsAtOnce, read)) {
    const without = rows.filter((row) => left.get(whatRowSays(row))?.pop() === undefined);
    // A review ends findings in the same form; its own leaves say so.
    const others = without.filter(({ rule }) => rule !== reviewRevoke);
    for (const row of others) note(toUnlogged(row));
  }
  for (const { n, event } of [...left.values()].flat()) {
    const { source, keyId, rule, by, reason } = event;
    note({
      code: 'acknowledgement-gone',
      leaf: n,
      source,
      keyId,
      rule,
      was: `by ${by}: ${reason}`,
    });
  }
}

function toUnlogged({ source, keyId, rule, note }: EventRow): RecordDifference {
  const is = `by ${note?.['by'] ?? 'nobody'}: ${note?.['reason'] ?? ''}`;
  return { code: 'acknowledgement-unlogged', source, keyId, rule, is };
}

/** The first leaf comes with, or before, the first acknowledgement that the log tells of. */
async function readSome(db: Records, createdAt: Date, after: number, most: number) {
  const { rows } = await sql<EventRow>`
    select v.id::float8 as id, f.fingerprint as finding, f.source, f.key_text as "keyId", f.rule,
      v.note
    from keysweep.finding_event v join keysweep.finding f on f.id = v.finding_id
    where v.id > ${after} and v.resolution = 'acknowledged' and v.at >= ${createdAt}
    order by v.id limit ${most}
  `.execute(db);
  return rows;
}

/** What both the leaf and the event keep. */
function whatIsSaid(event: Extract<LogEvent, { event: 'acknowledged' }>): string {
  const { finding, by, known, asserted, subject, mail, reason } = event;
  return JSON.stringify([finding, by, known, asserted, subject, mail, reason]);
}

function whatRowSays({ finding, note }: EventRow): string {
  const { by, known, asserted = null, subject = null, mail = null, reason } = note ?? {};
  return JSON.stringify([finding, by, known, asserted, subject, mail, reason]);
}
