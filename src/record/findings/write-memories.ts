import { sql } from 'kysely';
import type { KeyMemory } from '../../evaluate/history/key-state.ts';
import type { Verdict } from '../../evaluate/judgement.ts';
import { verdictCode } from '../store/codes.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { AdvancedKey } from './moves.ts';
import type { SightedKey } from './plan-sightings.ts';
import { addSightings, keepUnseen, sightingsText } from './write-sightings.ts';
import { isNewerVerdict } from './write-verdicts.ts';

/** A key with what its last observation says of it and of its findings. */
interface RememberedKey extends AdvancedKey, SightedKey {
  readonly verdict: Verdict;
}

/**
 * Writes the memories that have changed, with the verdicts and sightings, and returns the rows of
 * their keys.
 */
export async function writeMemories(
  tx: RecordsTransaction,
  keys: readonly RememberedKey[],
): Promise<ReadonlySet<number>> {
  const learned = keys.filter(({ state, next }) => next.memory !== state.memory);
  const others = keys.filter(({ state, next }) => next.memory === state.memory);
  await addSightings(tx, others);
  if (learned.length === 0) return new Set();
  await keepUnseen(tx, learned);
  const anyNew = learned.some(({ state, next }) => saysNew(state.memory, next.memory));
  await sql`
    update keysweep.tracked_key k set observed_at = n.observed_at, last_used = n.last_used,
      observation_id = n.observation_id, observed_entry_id = n.entry_id, known_at = n.known_at,
      seen_at = n.seen_at, seen_last_used = n.seen_last_used, sightings = n.sightings::jsonb,
      verdict = case when ${isNewest} then n.verdict else k.verdict end,
      verdict_at = case when ${isNewest} then n.observed_at else k.verdict_at end ${anyNew ? newFields : sql``}
    from ${
      anyNew
        ? sql`unnest(${common(learned)}, ${fields(learned)}) as n (${commonNames},
      created_on, type, last_four, name, scopes)`
        : sql`unnest(${common(learned)}) as n (${commonNames})`
    }
    where k.id = n.key_id
  `.execute(tx);
  return new Set(learned.map(({ row }) => row));
}

/** A newer verdict may be unknown: such an observation changes no memory. */
const isNewest = isNewerVerdict(sql`n.observed_at`);

const newFields = sql`, seen_created_on = n.created_on, seen_type = n.type,
  seen_last_four = n.last_four, seen_name = n.name, first_scopes = n.scopes::text[]`;

/** Whether a fact other than the last use has changed: on most nights, none has. */
function saysNew(before: KeyMemory, next: KeyMemory): boolean {
  return (
    before.createdOn?.getTime() !== next.createdOn?.getTime() ||
    before.type !== next.type ||
    before.lastFour !== next.lastFour ||
    before.name !== next.name ||
    before.firstScopes !== next.firstScopes
  );
}

const commonNames = sql`key_id, observed_at, last_used, observation_id, entry_id, known_at, seen_at,
  seen_last_used, verdict, sightings`;

/** All in one list: joining a second list for the fields took 14 µs more per key. */
function common(keys: readonly RememberedKey[]) {
  const newest = keys.map(({ next }) => next.memory.newest);
  const instants = createInstants();
  return sql`${keys.map(({ row }) => row)}::integer[],
    ${newest.map((one) => instants(one?.at))}::timestamptz[],
    ${newest.map((one) => instants(one?.lastUsed))}::timestamptz[],
    ${newest.map((one) => one?.content ?? null)}::integer[],
    ${newest.map((one) => one?.entry ?? null)}::integer[],
    ${keys.map(({ next }) => instants(next.memory.knownAt))}::timestamptz[],
    ${keys.map(({ next }) => instants(next.memory.lastUsedAt))}::timestamptz[],
    ${keys.map(({ next }) => instants(next.memory.lastUsed))}::timestamptz[],
    ${keys.map(({ verdict }) => verdictCode(verdict))}::smallint[],
    ${keys.map(sightingsText)}::text[]`;
}

/** Instants as texts, each converted once, because a batch repeats most of them. */
function createInstants() {
  const texts = new Map<Date, string>();
  return (date: Date | null | undefined): string | null => {
    if (date == null) return null;
    const text = texts.get(date) ?? date.toISOString();
    texts.set(date, text);
    return text;
  };
}

function fields(keys: readonly AdvancedKey[]) {
  const said = keys.map(({ next }) => next.memory);
  return sql`${said.map(({ createdOn }) => createdOn?.toISOString() ?? null)}::timestamptz[],
    ${said.map(({ type }) => type ?? null)}::text[],
    ${said.map(({ lastFour }) => lastFour ?? null)}::text[],
    ${said.map(({ name }) => name ?? null)}::text[],
    ${said.map(({ firstScopes: scopes }) => (scopes === undefined ? null : toArray(scopes)))}::text[]`;
}

/** An array as text, because an array of arrays needs equal lengths. */
function toArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
