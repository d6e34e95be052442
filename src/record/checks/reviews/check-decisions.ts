import { sql } from 'kysely';
import { canonicalJson, type JsonValue } from '../../../evidence/canonical-json.ts';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import { nameObject } from '../../../evidence/manifest.ts';
import { readObject } from '../../log/log-objects.ts';
import type { Records } from '../../store/database.ts';
import type { ReviewLeaf } from '../log-story.ts';
import { readParts } from '../read-rows.ts';
import { isWrittenWith } from '../written-with.ts';
import type { ToldReview } from './told-review.ts';

interface ToldDecision {
  readonly leaf: ReviewLeaf;
  readonly words: string;
}

/** What is decided on one key, oldest first, as the log says it. */
interface ToldKey {
  readonly leaf: number;
  readonly said: ToldDecision[];
}

interface DecisionRow {
  readonly id: number;
  readonly source: string;
  readonly keyId: string;
  readonly decision: string;
  readonly reason: string;
  readonly person: JsonValue;
  readonly at: Date;
}

/** Compares the decisions of a campaign with the log: all that were made, and which counts. */
export async function checkDecisions(
  db: Records,
  { row, leaves, pinned }: ToldReview,
  place: string,
  note: NoteDifference,
): Promise<void> {
  const told = await readTold(db, leaves, place, note);
  // Without what was decided, nothing can be said about single keys.
  if (told === undefined) return;
  const read = (after: number, most: number) => readDecisions(db, row.place, after, most);
  for await (const rows of readParts(1_000, read)) {
    for (const one of rows) takeDecision(one, { told, pinned }, place, note);
  }
  for (const [name, { leaf, said }] of told) {
    const [source, keyId] = JSON.parse(name) as [string, string];
    const [left] = said;
    if (left === undefined) continue;
    note({ code: 'decision', leaf, place, source, keyId, was: left.words, is: 'gone' });
  }
  await checkCounting(db, row.place, place, note);
}

/** By key; undefined if an object is gone or was changed. */
async function readTold(
  db: Records,
  leaves: readonly ReviewLeaf[],
  place: string,
  note: NoteDifference,
): Promise<ReadonlyMap<string, ToldKey> | undefined> {
  const told = new Map<string, ToldKey>();
  let isWhole = true;
  for (const leaf of leaves) {
    if (leaf.event.what !== 'decided' || (await addDecisions(db, leaf, told))) continue;
    note({ code: 'object', leaf: leaf.n, place: `what was decided in ${place}` });
    isWhole = false;
  }
  return isWhole ? told : undefined;
}

/** Returns false if the object is gone or was changed. */
async function addDecisions(
  db: Records,
  leaf: ReviewLeaf,
  told: Map<string, ToldKey>,
): Promise<boolean> {
  const { n, event, subjects } = leaf;
  const name = subjects.decisions ?? '';
  const text = await readObject(db, name);
  if (text === undefined || nameObject(text) !== name || event.what !== 'decided') return false;
  const { decisions } = JSON.parse(text) as { readonly decisions: readonly DecisionRow[] };
  for (const one of decisions) {
    const key = nameOf(one);
    const known = told.get(key) ?? { leaf: n, said: [] };
    const words = describe({ ...one, person: event.person as unknown as JsonValue });
    known.said.push({ leaf, words });
    told.set(key, known);
  }
  return true;
}

function takeDecision(
  row: DecisionRow,
  { told, pinned }: { readonly told: ReadonlyMap<string, ToldKey>; readonly pinned: Set<number> },
  place: string,
  note: NoteDifference,
): void {
  const known = told.get(nameOf(row));
  const was = known?.said.shift();
  const is = describe(row);
  const { source, keyId } = row;
  const where = { code: 'decision', leaf: known?.leaf, place, source, keyId } as const;
  if (was?.words !== is) note({ ...where, was: was?.words ?? 'none', is });
  if (was === undefined || isWrittenWith(was.leaf, row.at, { pinned })) return;
  const times = { was: was.leaf.event.at, is: row.at.toISOString() };
  note({ ...where, leaf: was.leaf.n, field: 'at', ...times });
}

async function readDecisions(db: Records, review: number, after: number, most: number) {
  const { rows } = await sql<DecisionRow>`
    select d.id::float8 as id, k.source, k.key_text as "keyId", d.decision, d.reason,
      d.decided_as as person, d.decided_at as at
    from keysweep.review_decision d
    join keysweep.review_key k on k.review_id = d.review_id and k.place = d.place
    where d.review_id = ${review} and d.id > ${after} order by d.id limit ${most}
  `.execute(db);
  return rows;
}

const mostNamed = 100;

/** The newest decision on a key counts, and no other. */
async function checkCounting(db: Records, review: number, place: string, note: NoteDifference) {
  const { rows } = await sql<{ source: string; keyId: string }>`
    select k.source, k.key_text as "keyId" from keysweep.review_key k
    where k.review_id = ${review} and k.decision_id is distinct from (
      select max(d.id) from keysweep.review_decision d
      where d.review_id = k.review_id and d.place = k.place
    )
    order by k.place limit ${mostNamed}
  `.execute(db);
  for (const key of rows) {
    note({ code: 'decision', place, ...key, was: 'the newest one', is: 'another one' });
  }
}

function nameOf({ source, keyId }: Pick<DecisionRow, 'source' | 'keyId'>): string {
  return JSON.stringify([source, keyId]);
}

function describe({ decision, reason, person }: Omit<DecisionRow, 'id' | 'at'>): string {
  return `${decision} by ${canonicalJson(person)}: ${reason}`;
}
