import { sql } from 'kysely';
import { z } from 'zod';
import { reviewRevoke } from '../../evaluate/history/finding-type.ts';
import { canonicalJson, type JsonValue } from '../../evidence/canonical-json.ts';
import type { NoteDifference, RecordDifference } from '../../evidence/differences/difference.ts';
import type { Subjects } from '../../evidence/leaves/leaf.ts';
import { nameObject } from '../../evidence/manifest.ts';
import { fingerprint } from '../../keys/fingerprint.ts';
import type { ReviewPerson } from '../../report/review/review-model.ts';
import { factsOfRevoke, noteOfKeeping } from '../../report/review/revoked-words.ts';
import { readObject } from '../log/log-objects.ts';
import type { Records } from '../store/database.ts';
import type { LogStory, ToldLeaf } from './log-story.ts';
import { readParts } from './read-rows.ts';

/** What a leaf says of a finding that a review opened. */
interface Told {
  readonly n: number;
  readonly at: string;
  readonly what: 'revoke' | 'keep' | 'acknowledge';
  /** What the event says of it; compared elsewhere for an acknowledgement. */
  readonly words?: string;
}

interface Event {
  readonly kind: 'opened' | 'reopened' | 'resolved';
  readonly resolution: string | null;
  /** In milliseconds. */
  readonly at: number;
  readonly facts: JsonValue;
  readonly note: JsonValue;
}

interface FindingRow {
  readonly id: number;
  readonly fingerprint: string;
  readonly source: string;
  readonly keyId: string;
  readonly events: readonly Event[] | null;
}

type Where = Required<Pick<RecordDifference, 'source' | 'keyId' | 'rule'>>;

interface ToldFinding extends Where {
  readonly told: Told[];
}

const findingsAtOnce = 500;

/** Compares the findings that reviews opened and ended with what the leaves say was decided. */
export async function checkRevoked(
  db: Records,
  story: LogStory,
  note: NoteDifference,
): Promise<void> {
  const left = await readTold(db, story);
  const read = (after: number, most: number) => readSome(db, after, most);
  for await (const rows of readParts(findingsAtOnce, read)) {
    for (const row of rows) {
      const { told = [] } = left.get(row.fingerprint) ?? {};
      left.delete(row.fingerprint);
      const { source, keyId } = row;
      const where = { source, keyId, rule: reviewRevoke };
      for (const event of replay(row.events ?? [], told, where, note)) {
        note({ code: 'event-added', ...where, is: describe(event) });
      }
    }
  }
  for (const { told, ...where } of left.values()) replay([], told, where, note);
}

async function readSome(db: Records, after: number, most: number) {
  const { rows } = await sql<FindingRow>`
    select f.id, f.fingerprint, f.source, f.key_text as "keyId", (
        select json_agg(json_build_object('kind', v.kind, 'resolution', v.resolution,
          'at', floor(extract(epoch from v.at) * 1000), 'facts', v.facts, 'note', v.note)
          order by v.id)
        from keysweep.finding_event v where v.finding_id = f.id and v.kind <> 'reminder'
      ) as events
    from keysweep.finding f where f.rule = ${reviewRevoke} and f.id > ${after}
    order by f.id limit ${most}
  `.execute(db);
  return rows;
}

const decided = z.object({
  decisions: z.array(
    z.object({
      ...{ source: z.string(), keyId: z.string(), reason: z.string() },
      decision: z.enum(['keep', 'reduce', 'revoke', 'not-mine']),
    }),
  ),
});

/** A leaf of a campaign, and what the configuration calls that. */
interface Review {
  readonly leaf: Pick<ToldLeaf<'reviewed'>, 'n' | 'event'>;
  readonly name: string;
}

type Decision = z.infer<typeof decided>['decisions'][number];

/** In the order of the leaves, from the first decision to revoke on. */
async function readTold(db: Records, story: LogStory): Promise<Map<string, ToldFinding>> {
  const found = new Map<string, ToldFinding>();
  const acknowledged = story.acknowledged.filter(({ event }) => event.rule === reviewRevoke);
  const told = [...story.campaigns.values()].flat();
  const leaves = [...told, ...acknowledged].sort((one, other) => one.n - other.n);
  for (const { n, event, subjects } of leaves) {
    if (event.event === 'acknowledged') {
      found.get(event.finding)?.told.push({ n, at: event.at, what: 'acknowledge' });
      continue;
    }
    if (event.what !== 'decided') continue;
    const review = { leaf: { n, event }, name: nameOf(story, event.review) };
    for (const decision of await readDecisions(db, subjects)) addTold(found, review, decision);
  }
  return found;
}

/** What the configuration calls a campaign. */
function nameOf({ campaigns }: LogStory, review: string): string {
  for (const { event } of campaigns.get(review) ?? []) {
    if (event.what === 'opened') return event.name;
  }
  return '';
}

function addTold(found: Map<string, ToldFinding>, review: Review, decision: Decision): void {
  const told = toldOf(review, decision);
  if (told === undefined) return;
  const { source, keyId } = decision;
  const name = fingerprint(source, keyId, reviewRevoke);
  const finding = found.get(name) ?? { source, keyId, rule: reviewRevoke, told: [] };
  if (told.what === 'revoke') found.set(name, finding);
  finding.told.push(told);
}

/** None where the object is gone or was changed, which is noted elsewhere. */
async function readDecisions(
  db: Records,
  { decisions: name = '' }: Subjects,
): Promise<readonly Decision[]> {
  const text = await readObject(db, name);
  if (text === undefined || nameObject(text) !== name) return [];
  return decided.parse(JSON.parse(text)).decisions;
}

/** Undefined for a decision that opens and ends nothing. */
function toldOf(
  { leaf: { n, event }, name }: Review,
  { decision, reason }: Decision,
): Told | undefined {
  if (event.what !== 'decided' || decision === 'not-mine') return undefined;
  const { review: id, at } = event;
  const person = event.person as ReviewPerson;
  const decided = { id, review: name, decision, reason, person };
  if (decision === 'revoke') {
    return { n, at, what: 'revoke', words: canonicalJson(factsOfRevoke(decided) as JsonValue) };
  }
  return { n, at, what: 'keep', words: canonicalJson(noteOfKeeping(decided)) };
}

/**
 * Goes through the events of a finding along with what the leaves say; what sweeps did with it is
 * compared with their own leaves. Returns the events that no leaf explains.
 */
function replay(
  events: readonly Event[],
  told: readonly Told[],
  where: Where,
  note: NoteDifference,
): readonly Event[] {
  const left = [...events];
  let state: Event | undefined;
  const passSweeps = (until: string) => {
    while (left[0] !== undefined && isOfSweep(left[0], state) && left[0].at <= Date.parse(until)) {
      state = left.shift();
    }
  };
  for (const leaf of told) {
    passSweeps(leaf.at);
    const expected = whatFollows(leaf, state);
    if (expected === undefined) continue;
    const [event] = left;
    const isSame = event?.kind === expected.kind && event.resolution === expected.resolution;
    if (isSame) left.shift();
    compare(isSame ? event : undefined, expected, { ...where, leaf: leaf.n }, note);
    state = expected.event;
  }
  passSweeps(new Date(8.64e15).toISOString());
  return left;
}

function isOfSweep({ kind, resolution }: Event, before: Event | undefined): boolean {
  if (kind === 'resolved') return resolution !== 'acknowledged';
  return kind === 'reopened' && before?.resolution === 'missing';
}

interface Expected extends Pick<Event, 'kind' | 'resolution'> {
  readonly told: Told;
  readonly event: Event;
}

/** Undefined where a decision changes nothing. */
function whatFollows(told: Told, state: Event | undefined): Expected | undefined {
  const isOpen = state !== undefined && state.kind !== 'resolved';
  if (isOpen === (told.what === 'revoke')) return undefined;
  if (told.what !== 'revoke' && state === undefined) return undefined;
  const resolved = { kind: 'resolved', resolution: 'acknowledged' } as const;
  const risen = { kind: state === undefined ? 'opened' : 'reopened', resolution: null } as const;
  const made = told.what === 'revoke' ? risen : resolved;
  const at = Date.parse(told.at);
  return { ...made, told, event: { ...made, at, facts: null, note: null } };
}

function compare(
  event: Event | undefined,
  { told, event: expected }: Expected,
  where: Where & { readonly leaf: number },
  note: NoteDifference,
): void {
  const was = describe({ ...expected, at: Date.parse(told.at) });
  if (event === undefined) {
    note({ code: 'event-gone', ...where, was });
    return;
  }
  if (event.at > expected.at) note({ code: 'event-changed', ...where, was, is: describe(event) });
  const said = canonicalJson(event.kind === 'resolved' ? event.note : event.facts);
  if (told.words === undefined || told.words === said) return;
  note({ code: 'event-changed', ...where, was: told.words, is: said });
}

function describe({ kind, resolution, at }: Event): string {
  const how = resolution === null ? kind : `${kind} (${resolution})`;
  return `${how} at ${new Date(at).toISOString()}`;
}
