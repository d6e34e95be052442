import { sql } from 'kysely';
import { reviewRevoke } from '../../evaluate/history/finding-type.ts';
import type { NoteDifference, RecordDifference } from '../../evidence/differences/difference.ts';
import { fingerprint } from '../../keys/fingerprint.ts';
import type { Records } from '../store/database.ts';
import type { LogComparison } from './log-comparison.ts';
import type { LogStory } from './log-story.ts';
import { readParts } from './read-rows.ts';

type State = 'open' | 'waived' | 'resolved';
type Kind = 'opened' | 'reopened' | 'lapsed' | 'waived' | 'resolved';

/** `at`: in milliseconds. `was` is null for the first event, and for those of early builds. */
type EventRow = readonly [
  kind: Kind,
  was: State | null,
  resolution: string | null,
  at: number,
  note: Readonly<Record<string, string>> | null,
];

interface FindingRow {
  readonly id: number;
  readonly fingerprint: string;
  readonly source: string;
  readonly keyId: string;
  readonly rule: string;
  readonly state: State;
  readonly resolution: string | null;
  readonly waiver: { readonly id: string; readonly hash: string; readonly reason: string } | null;
  readonly until: Date | null;
  readonly events: readonly EventRow[] | null;
}

const findingsAtOnce = 1_000;

/** Compares all findings with their events, and their waivers with the log. Yields how many it read. */
export async function* checkFindings({ story, note, view }: LogComparison): AsyncGenerator<number> {
  const read = (after: number, most: number) =>
    view(async (one) => {
      const rows = await readSome(one, after, most);
      // The next view shows the log as it is then.
      for (const row of rows) checkFinding(row, story, note);
      return rows;
    });
  for await (const rows of readParts(findingsAtOnce, read)) yield rows.length;
}

async function readSome(db: Records, after: number, most: number) {
  const { rows } = await sql<FindingRow>`
    select f.id, f.fingerprint, f.source, f.key_text as "keyId", f.rule, f.state, f.resolution,
      f.waiver, f.waived_until as until, (
        select json_agg(json_build_array(v.kind, v.was, v.resolution,
          floor(extract(epoch from v.at) * 1000), v.note) order by v.id)
        from keysweep.finding_event v where v.finding_id = f.id and v.kind <> 'reminder'
      ) as events
    from keysweep.finding f where f.id > ${after} order by f.id limit ${most}
  `.execute(db);
  return rows;
}

function checkFinding(row: FindingRow, story: LogStory, note: NoteDifference): void {
  const { source, keyId, rule, events } = row;
  const where = { source, keyId, rule };
  if (fingerprint(source, keyId, rule) !== row.fingerprint) {
    note({ code: 'finding-name', ...where, is: row.fingerprint });
  }
  checkHistory(events ?? [], where, note);
  checkNotes(row, story, where, note);
  const newest = events?.at(-1);
  if (newest === undefined) return;
  checkState(row, newest, where, note);
  // The log tells of no waiver that ended before there was a log.
  if (newest[3] >= (story.createdAt?.getTime() ?? Infinity)) checkWaiver(row, story, where, note);
}

type Where = Pick<RecordDifference, 'source' | 'keyId' | 'rule'>;

function checkHistory(events: readonly EventRow[], where: Where, note: NoteDifference): void {
  const [first] = events;
  if (first === undefined || (first[0] !== 'opened' && first[0] !== 'waived')) {
    note({ code: 'finding-history', ...where, place: 'its first event', is: first?.[0] ?? 'none' });
  } else if (first[1] !== null) {
    note({ code: 'finding-history', ...where, place: 'its first event', was: 'new', is: first[1] });
  }
  let state: State | null = null;
  for (const [kind, was, , at] of events) {
    // Early builds kept no state before.
    if (was !== null && state !== null && was !== state) {
      const place = `its event ${kind} at ${new Date(at).toISOString()}`;
      note({ code: 'finding-history', ...where, place, was, is: state });
    }
    state = stateAfter[kind];
  }
}

/** An event names the waiver of the finding, if it has one, and nothing else. */
function checkNotes(
  { events, rule }: FindingRow,
  { waivers, createdAt }: LogStory,
  where: Where,
  note: NoteDifference,
): void {
  if (rule === reviewRevoke || createdAt === undefined) return;
  const told = new Set(
    [...waivers.values()].map(({ event }) => nameOf(event.waiver, event.reason)),
  );
  for (const [kind, , resolution, at, said] of events ?? []) {
    if (said === null || resolution === 'acknowledged' || at < createdAt.getTime()) continue;
    if (told.has(nameOf(said['waiver'], said['reason']))) continue;
    const place = `its event ${kind} at ${new Date(at).toISOString()}`;
    note({ code: 'waiver', ...where, place, is: JSON.stringify(said) });
  }
}

function nameOf(waiver: string | undefined, reason: string | undefined): string {
  return JSON.stringify([waiver, reason]);
}

const stateAfter: Readonly<Record<Kind, State>> = {
  opened: 'open',
  reopened: 'open',
  lapsed: 'open',
  waived: 'waived',
  resolved: 'resolved',
};

function checkState(
  { state, resolution }: FindingRow,
  [kind, , how]: EventRow,
  where: Where,
  note: NoteDifference,
): void {
  const describe = (one: State, because: string | null) =>
    because === null ? one : `${one} (${because})`;
  const after = stateAfter[kind];
  const was = describe(after, after === 'resolved' ? how : null);
  const is = describe(state, resolution);
  if (was !== is) note({ code: 'finding-state', ...where, was, is });
}

function checkWaiver(
  { state, waiver, until }: FindingRow,
  story: LogStory,
  where: Where,
  note: NoteDifference,
): void {
  if (state !== 'waived') return;
  const told = waiver === null ? undefined : story.waivers.get(waiver.hash);
  if (told === undefined || waiver === null) {
    note({ code: 'waiver', ...where, is: `${waiver?.id ?? 'none'}, which no leaf names` });
    return;
  }
  const { event, n } = told;
  const differ = (field: string, was: string, is: string) => {
    if (was !== is) note({ code: 'waiver', leaf: n, ...where, field, was, is });
  };
  differ('id', event.waiver, waiver.id);
  differ('reason', event.reason, waiver.reason);
  differ('expires', event.expires, until?.toISOString() ?? 'never');
}
